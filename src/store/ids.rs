//! Positions in the columns of one session. They mean nothing in another one.

macro_rules! positions {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The position as an index; memory ends long before `u32` does.
            pub(crate) fn new(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// The position as a plain number, counted from 0.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

positions! {
    /// An attempt, in the order in which attempts became known.
    AttemptIdx,
    /// A delivery, in the order in which deliveries became known.
    DeliveryIdx,
    /// An event, in the order in which events became known.
    EventIdx,
}

impl AttemptIdx {
    /// The last position there can be, which no attempt has.
    pub(super) const LAST: Self = Self(u32::MAX);
}
