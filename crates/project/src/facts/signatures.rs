//! Signatures that many files write in the same way: plugins, whose host says what they are called with. Knows the lines that
//! begin with `def`, nothing of what they mean.

use rustc_hash::FxHashMap;

use super::Facts;
use crate::Role;

/// In how many files each signature stands that stands in several.
#[derive(Clone, Debug, Default)]
pub struct Signatures {
    files: FxHashMap<String, usize>,
}

impl Signatures {
    pub(super) fn read(facts: &Facts<'_>) -> Self {
        let project = facts.project();
        let mut files: FxHashMap<String, usize> = FxHashMap::default();
        let others = project.files.iter().filter(|it| {
            let is_test = it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
            it.kind.is_python() && !is_test
        });
        for file in others {
            let Ok(source) = project.read(file) else { continue };
            let mut own: Vec<String> = source.text().lines().filter_map(signature).collect();
            own.sort_unstable();
            own.dedup();
            for signature in own {
                *files.entry(signature).or_default() += 1;
            }
        }
        files.retain(|_, count| *count > 1);
        Self { files }
    }

    /// In how many files a function of that name stands with those parameters.
    pub fn count<'n>(&self, name: &str, parameters: impl Iterator<Item = &'n str>) -> usize {
        let parameters: Vec<&str> = parameters.collect();
        self.files.get(&format!("{name}({}", parameters.join(","))).copied().unwrap_or(1)
    }
}

/// The name and the parameters of a line that defines a function and ends its parameters.
fn signature(line: &str) -> Option<String> {
    let line = line.trim_start();
    let rest = line.strip_prefix("async ").unwrap_or(line).strip_prefix("def ")?;
    let (name, rest) = rest.split_once('(')?;
    let (parameters, _) = rest.rsplit_once(')')?;
    let names = parameters
        .split(',')
        .map(|it| it.split([':', '=']).next().unwrap_or_default().trim().trim_start_matches('*'));
    let names: Vec<&str> = names.filter(|it| !it.is_empty() && *it != "/").collect();
    Some(format!("{}({}", name.trim(), names.join(",")))
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn annotations_and_defaults_are_left_out() {
        let same = Some("run(spec,again".to_owned());
        assert_eq!(signature("def run(spec, again=False):"), same);
        assert_eq!(signature("    async def run(spec: Spec, *again) -> None:"), same);
        assert_eq!(signature("run(spec)"), None);
        assert_eq!(signature("def run("), None);
    }
}
