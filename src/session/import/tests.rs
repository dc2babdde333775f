//! Files of other programs, imported.
