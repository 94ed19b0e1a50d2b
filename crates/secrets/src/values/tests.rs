//! Values under names, and why they are taken or not.

use super::*;
use crate::{Binding, Place, judge};

fn confidence_of(name: &str, value: &str) -> Option<Confidence> {
    judge(&Place::Bound { name, binding: Binding::Assignment }, value).map(|it| it.confidence)
}

#[test]
fn each_condition_rejects_its_trap() {
    for (name, value, reason) in [
        ("password", "abc", Rejection::TooShort),
        ("api_key", "k3y", Rejection::TooShort),
        ("password", "Enter your password", Rejection::WhiteSpace),
        ("password", "line\\nline", Rejection::WhiteSpace),
        ("password", "${DB_PASSWORD}", Rejection::Template),
        ("password", "{{ db.password }}", Rejection::Template),
        ("password", "{password}", Rejection::Template),
        ("password", "%(password)s", Rejection::Template),
        ("token", "<your-api-token>", Rejection::Template),
        ("secret", "vault:db/creds", Rejection::Template),
        ("secret", "arn:aws:secretsmanager:eu", Rejection::Template),
        ("secret", "op://vault/item/field", Rejection::Template),
        ("password", "$2b$12$KIXQJxF3bQm0v3u9m8hQ0e", Rejection::StoredHash),
        ("api_key", "pk_live_8sK2mQz7RtY4vWx9", Rejection::PublicByDesign),
        ("password", "aaaabbbb", Rejection::FewCharacters),
        ("token", "2024.01.17", Rejection::Number),
        ("api_key", "0b6a7c0e-3f41-4a8e-9f4b-0e1c5d2a7b63", Rejection::Number),
        ("password", "DATABASE_PASSWORD", Rejection::EnvironmentName),
        ("password", "[A-Za-z0-9]{8,}", Rejection::Template),
        ("token", "^[a-z0-9]+$", Rejection::Code),
        ("password", "//input[@type='password']", Rejection::Code),
        ("password", "input[name='pw']", Rejection::Code),
        ("token", "</s>longer", Rejection::Code),
        ("secret", "id=build_token,env=VENDORX_T0KEN", Rejection::Code),
        ("secret", "sms_provider=ovh", Rejection::WordLike),
        ("password", "password", Rejection::Keywords),
        ("token", "bearer_token", Rejection::Keywords),
        ("password", "changeme", Rejection::Placeholder),
        ("api_key", "your-key-goes-in-here", Rejection::Placeholder),
        ("token", "xxxxxxxxyz", Rejection::Placeholder),
        ("password", "abcdefxxx", Rejection::Placeholder),
        ("token", "q7Tb-xxx-Kp4w", Rejection::Placeholder),
        ("password", "test123", Rejection::Placeholder),
        ("token", "fake-token-123", Rejection::Placeholder),
        (
            "aws_secret_access_key",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            Rejection::Placeholder,
        ),
        ("vendorx_password", "vendorx", Rejection::SameAsName),
        ("app_secret", "x-goog-api-key", Rejection::NameOfSecret),
        ("app_secret", "/etc/service/reader", Rejection::Path),
        ("secret", "https://login.service.io/t0k3n", Rejection::Path),
        ("token", "settings.json", Rejection::Path),
        ("token", "mailbox_reader", Rejection::WordLike),
        ("password", "新しいパスワードを入力してください。", Rejection::WordLike),
        ("password", "请输入新密码2。", Rejection::WordLike),
        ("pgpool_sr_check_password", "repmgrpassword", Rejection::WordLike),
        ("token", "oauth2.provider", Rejection::WordLike),
        ("api_key", "epvToday", Rejection::WordLike),
        ("api_key", "bdc1DischargePower", Rejection::WordLike),
        ("token", "q7w7q9w9w7q9", Rejection::LowEntropy),
    ] {
        let found = rejects(value, name);
        // Several conditions may hold; what matters is that one does, and that the cheap ones name themselves.
        assert!(found.is_some(), "{name} = {value}: taken, not {reason:?}");
        if found != Some(reason) {
            let phrase = found.map_or("", Rejection::phrase);
            assert!(
                matches!(
                    reason,
                    Rejection::Template | Rejection::Placeholder | Rejection::FewCharacters
                ),
                "{name} = {value}: {phrase}, expected {}",
                reason.phrase()
            );
        }
    }
}

#[test]
fn real_values_pass() {
    for (name, value) in [
        ("password", "Panther2017!"),
        ("password", "hunter2"),
        ("db_password", "Kj8#mQ2$vLp"),
        ("password", "xkqzvbtwpl"),
        ("token", "latest9f8s7d6f5g4h"),
        ("api_key", "9f86d081884c7d659a2feaa0c55ad015"),
        ("secret_key", "k6QaiQmcTm2zfaNns5L1Z8duBtJmhDOW8JawlCC3"),
        ("client_secret", "aB3/dE6+gH9kLm2nOp5qRs8tUv1wXy4z"),
        ("passphrase", "correct42 horse battery staple"),
        ("password", "q5GbDSQS97ToxxxKHz"),
    ] {
        assert_eq!(rejects(value, name), None, "{name} = {value}");
    }
}

#[test]
fn confidence_follows_what_is_known() {
    assert_eq!(confidence_of("password", "letmein"), Some(Confidence::Low));
    assert_eq!(confidence_of("password", "Panther2017!"), Some(Confidence::Medium));
    assert_eq!(confidence_of("token", "letmein"), None);
    assert_eq!(confidence_of("username", "Panther2017!"), None);
}

#[test]
fn a_key_with_the_marks_of_pairs_is_no_list_of_them() {
    for key in [
        "7=h^w0&q2@x!n_k5)ez*3+vy8(pd6#t-r9$ugm1%sfa4bjlc",
        "k3#m=z&0!w7(x@q9_v2*e5)p^y8+r-t6$u1%sn4bjdlcfagh",
    ] {
        assert!(confidence_of("SECRET_KEY", key).is_some());
    }
    for list in ["user=jo&start=k8Zt4mWx7R", "theme=k8Zt4mWx7R; Path=/; Secure; HttpOnly"] {
        assert_eq!(confidence_of("token", list), None);
    }
}

#[test]
fn pairs_within_text_are_judged() {
    let comment = "# db_password = 'Panther2017!'";
    let found = judge(&Place::Comment, comment).unwrap();
    assert_eq!(&comment[found.span], "Panther2017!");
    let json = r#"{\"user\": \"anna\", \"password\": \"Panther2017!\"}"#;
    let found = judge(&Place::Unbound, json).unwrap();
    assert_eq!(&json[found.span], "Panther2017!");
    assert!(judge(&Place::Comment, "# password: the user's password").is_none());
    assert!(judge(&Place::Comment, "# token = 'mailbox'").is_none());
    assert!(judge(&Place::Comment, "# pass = 'Panther2017!'").is_none());
    let shown = judge(&Place::Unbound, r#">>> login(password="Panther2017!")"#).unwrap();
    assert_eq!(shown.confidence, Confidence::Low, "documentation is for show");
    let role = judge(&Place::Unbound, "CREATE ROLE jo LOGIN PASSWORD 'Panther2017!'").unwrap();
    assert_eq!((role.confidence, role.span), (Confidence::Medium, 31..43));
    let resource = "arn:aws:secretsmanager:*:*:secret:rds-beta-us-east-1!x";
    assert!(judge(&Place::Unbound, resource).is_none());
    assert!(judge(&Place::Unbound, "wrong password 'Panther2017!'").is_none());
}

#[test]
fn a_default_that_works_is_one_however_it_looks() {
    for (name, value) in [
        ("SECRET_KEY", "changeme"),
        ("JWT_SECRET", "secret"),
        ("db_password", "postgres"),
        ("SECRET_KEY", "CHANGE_ME"),
        ("password", "admin"),
        ("secret_key", "!secret"),
        ("secret_key", "your-secret-key-here"),
        ("token", "abc"),
        ("SECRET_KEY", "dev secret key"),
    ] {
        assert!(is_working_default(name, value), "{name} = {value}");
    }
    for (name, value) in [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "None"),
        ("SECRET_KEY", "${SECRET_KEY}"),
        ("api_key", "<your key>"),
        ("password", "***"),
        ("token", "https://issuer.io/token"),
        ("secret", "/run/secrets/db"),
        ("secret", "key.pem"),
        ("token", "SERVICE_TOKEN"),
        ("api_key", "EMPTY"),
        ("api_key", "not-needed"),
        ("token_type", "bearer"),
        ("page_size", "secret"),
        ("api_key", "{{ key }}"),
        ("password", "  "),
    ] {
        assert!(!is_working_default(name, value), "{name} = {value}");
    }
}
