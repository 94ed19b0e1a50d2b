//! Whether this version of the program is one that a configuration asks for. Knows versions only.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use roadworthy_parser::quoted;

/// The version that runs.
const OWN: &str = env!("CARGO_PKG_VERSION");

/// Looks whether the version that runs is one of those.
///
/// # Errors
/// With a sentence when it is not, or when `requirement` is none.
pub(super) fn check(requirement: &str) -> Result<(), String> {
    if fits(requirement, OWN)? {
        return Ok(());
    }
    let exact = exact(requirement).unwrap_or_else(|| requirement.to_owned());
    Err(format!(
        "roadworthy {} is required here and {OWN} runs; install one that fits, for example by `pip install \
         'roadworthy{exact}'`",
        quoted(requirement)
    ))
}

fn fits(requirement: &str, version: &str) -> Result<bool, String> {
    let wrong = || {
        format!(
            "`required-version` takes versions such as `>=0.1, <0.3` or `{OWN}`, not {}",
            quoted(requirement)
        )
    };
    let written = exact(requirement);
    let written = written.as_deref().unwrap_or(requirement).trim();
    if written.is_empty() {
        return Err(wrong());
    }
    let specifiers = VersionSpecifiers::from_str(written).map_err(|_| wrong())?;
    let version = Version::from_str(version).map_err(|_| wrong())?;
    Ok(specifiers.contains(&version))
}

/// The requirement that a bare version stands for.
fn exact(requirement: &str) -> Option<String> {
    let bare = requirement.trim_start().starts_with(|first: char| first.is_ascii_digit());
    bare.then(|| format!("=={}", requirement.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_mean_what_they_mean_to_pip() {
        for (requirement, version, wanted) in [
            (">=0.1", "0.1.0", true),
            (">= 0.1 , < 0.3", "0.2.9", true),
            (">=0.1, <0.3", "0.3.0", false),
            ("0.1.0", "0.1.0", true),
            ("0.1", "0.1.0", true),
            ("0.1", "0.1.1", false),
            ("==0.1.*", "0.1.7", true),
            ("!=0.1.1", "0.1.1", false),
            ("~=0.1.2", "0.1.9", true),
            ("~=0.1.2", "0.2.0", false),
            ("<=0.2", "0.2.0-rc.1", true),
            (">0.2", "0.10.0", true),
        ] {
            assert_eq!(fits(requirement, version), Ok(wanted), "{requirement} {version}");
        }
        for wrong in ["", " ", "latest", "^0.1", ">=", ">=0.1 <0.3", "0.1,", "=> 0.1", "0.1.x"] {
            assert!(fits(wrong, OWN).unwrap_err().contains("takes versions such as"), "{wrong}");
        }
    }

    #[test]
    fn who_does_not_fit_is_told_how_to_get_what_does() {
        let refusal = check(">=99").unwrap_err();
        assert!(refusal.contains("`>=99` is required here"), "{refusal}");
        assert!(refusal.contains("pip install 'roadworthy>=99'"), "{refusal}");
        assert!(check("98.0").unwrap_err().contains("'roadworthy==98.0'"));
    }
}
