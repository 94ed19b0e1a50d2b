//! The role that contents show. Knows outlines and a component's facts; asks the path only where the
//! same contents mean different things in different places.

use roadworthy_parser::Outline;

use super::RoleReason;
use crate::component::Component;
use crate::discover::File;

/// One file as far as its role is concerned.
pub(super) struct Content<'c> {
    file: &'c File,
    component: &'c Component,
    text: &'c str,
    outline: &'c Outline,
}

impl<'c> Content<'c> {
    pub(super) fn new(
        file: &'c File,
        component: &'c Component,
        text: &'c str,
        outline: &'c Outline,
    ) -> Self {
        Self { file, component, text, outline }
    }

    pub(super) fn contradicts(&self, _found: &RoleReason) -> bool {
        let _ = (self.file, self.component, self.text, self.outline);
        false
    }

    pub(super) fn role_before(&self, _limit: u8) -> Option<RoleReason> {
        None
    }
}
