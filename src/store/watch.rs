//! Whoever waits for work that takes long.
use std::ops::ControlFlow;

/// Watches work that makes a `T`.
pub trait Watch<T> {
    /// Is told the share of the work that is done, from 0 to 1; says whether anybody still wants it.
    fn done(&mut self, share: f32) -> ControlFlow<()>;

    /// Is offered what is certain before all of it is. It is made only where somebody is to see it now.
    fn offer(&mut self, _make: &mut dyn FnMut() -> T) {}

    /// Whether what was found until now is enough: the work then ends with that.
    fn is_enough(&self) -> bool {
        false
    }
}

/// Who wants nothing but all of it.
impl<T, F: FnMut(f32) -> ControlFlow<()>> Watch<T> for F {
    fn done(&mut self, share: f32) -> ControlFlow<()> {
        self(share)
    }
}
