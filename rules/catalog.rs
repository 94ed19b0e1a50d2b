use roadworthy_engine::Rule;
pub(crate) static RULES: &[&Rule] = &[];
