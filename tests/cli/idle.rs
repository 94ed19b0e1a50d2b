//! Code that nothing runs, through the binary: which findings become advice there, and which stay.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use super::folder::Folder;

const ORDERS: &str = "import requests


def load(order):
    try:
        requests.post('https://shop.example.org/', json=order, timeout=3)
    except:
        pass


def forgotten(order):
    try:
        requests.post('https://shop.example.org/', json=order, timeout=3)
    except:
        pass
";

/// An application of as many modules as it takes for its parts to know each other by name.
const SHOP: [(&str, &str); 8] = [
    ("requirements.txt", "requests==2.32.3\n"),
    ("main.py", "from shop import orders, stock\n\norders.load(stock.PLACE)\n"),
    ("shop/__init__.py", ""),
    ("shop/orders.py", ORDERS),
    ("shop/stock.py", "from shop import prices\n\nPLACE = prices.PLACE\n"),
    ("shop/prices.py", "PLACE = \"https://shop.example.org/\"\n"),
    ("shop/attached.py", ""),
    ("shop/lists.py", "__all__ = [\"forgotten\"]  # forgotten()\n"),
];

/// `line level` of each handler that discards an error.
fn handlers(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let asked = ["--select", "silent-except", "--output-format", "json", "--exit-zero"];
    let ran = folder.check(&[&asked[..], arguments].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let report = ran.json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|it| format!("{} {}", it["line"], it["severity"].as_str().unwrap())).collect()
}

#[test]
fn what_nobody_names_is_advice() {
    let folder = Folder::new(&SHOP);
    assert_eq!(handlers(&folder, &[]), ["7 warning", "14 info"]);
    assert_eq!(handlers(&folder, &["shop/orders.py"]), ["7 warning", "14 info"]);
}

#[test]
fn who_asks_for_all_or_sets_a_level_gets_it() {
    let folder = Folder::new(&SHOP);
    assert_eq!(handlers(&folder, &["--pedantic"]), ["7 warning", "14 warning"]);
    folder.write("roadworthy.toml", b"[severity]\nsilent-except = \"error\"\n");
    assert_eq!(handlers(&folder, &[]), ["7 error", "14 error"]);
}

#[test]
fn one_use_anywhere_is_enough() {
    for (path, text) in [
        ("shop/attached.py", "from shop.orders import forgotten\n\nforgotten(1)\n"),
        ("deploy/job.yaml", "run: shop.orders:forgotten\n"),
        ("shop/templates/page.html", "{{ forgotten(1) }}\n"),
    ] {
        let folder = Folder::new(&SHOP);
        folder.write(path, text.as_bytes());
        // What uses it has to be used itself.
        folder.write("main.py", b"from shop import attached, orders\n\norders.load(1)\n");
        assert_eq!(handlers(&folder, &[]), ["7 warning", "14 warning"], "{path}");
    }
}

#[test]
fn what_is_wrong_in_a_project_that_nobody_keeps_up_is_advice() {
    let folder = Folder::new(&SHOP);
    folder.write("README.md", b"# Shop\n\nThis project is no longer maintained.\n");
    assert_eq!(handlers(&folder, &[]), ["7 info", "14 info"]);
    assert_eq!(handlers(&folder, &["--pedantic"]), ["7 warning", "14 warning"]);
    folder.write("README.md", b"# Shop\n\nPython 3.8 is no longer supported.\n");
    assert_eq!(handlers(&folder, &[]), ["7 warning", "14 info"]);
}

#[test]
fn what_is_kept_to_be_read_is_advice() {
    let begin = "from oldshop import orders\n\nif __name__ == \"__main__\":\n    orders.load(1)\n";
    let old =
        [("oldshop/__init__.py", ""), ("oldshop/main.py", begin), ("oldshop/orders.py", ORDERS)];
    let runs = [&SHOP[..], &old].concat();
    assert_eq!(handlers(&Folder::new(&runs), &["oldshop"])[0], "7 warning");
    let left_out = ("ruff.toml", "extend-exclude = [\"oldshop\", \"venv\"]\n");
    let kept = [&runs[..], &[left_out]].concat();
    assert_eq!(handlers(&Folder::new(&kept), &["oldshop"])[0], "7 warning");
    let guide = ("README.md", "# Shop\n\nAll old code lives in `oldshop` for reference.\n");
    let told = [&runs[..], &[guide]].concat();
    assert_eq!(handlers(&Folder::new(&told), &["oldshop"])[0], "7 info");
    // What something outside uses is not kept to be read alone.
    let caller = ("shop/old.py", "from oldshop.orders import load\n\nload(1)\n");
    let used = [&told[..], &[caller]].concat();
    assert_eq!(handlers(&Folder::new(&used), &["oldshop"])[0], "7 warning");
}
