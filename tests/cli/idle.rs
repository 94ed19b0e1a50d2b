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

#[test]
fn what_only_code_that_ran_once_or_never_uses_is_advice() {
    for (path, text) in [
        ("shop/migrations/0002_fill.py", "from shop.orders import forgotten\n\nforgotten(1)\n"),
        ("migrate_from_old.py", "from shop.orders import forgotten\n\nforgotten(1)\n"),
        (
            "shop/left.py",
            "from shop import behind\nfrom shop.orders import forgotten\n\n\ndef go():\n    forgotten(behind)\n",
        ),
    ] {
        let folder = Folder::new(&SHOP);
        folder.write(path, text.as_bytes());
        // Modules that only use each other are reached by nothing.
        folder.write("shop/behind.py", b"from shop import left\n\n\ndef go():\n    left.go()\n");
        assert_eq!(handlers(&folder, &[]), ["7 warning", "14 info"], "{path}");
    }
    let folder = Folder::new(&SHOP);
    folder.write("fill_orders.py", b"from shop.orders import forgotten\n\nforgotten(1)\n");
    assert_eq!(handlers(&folder, &[]), ["7 warning", "14 warning"]);
}

#[test]
fn a_router_that_nothing_takes_is_advice_whatever_its_name() {
    const ROUTER: &str = "from fastapi import APIRouter

router = APIRouter()


@router.post('/mails')
def mail(body):
    try:
        send(body)
    except:
        pass
";
    let folder = Folder::new(&SHOP);
    for (path, text) in [
        ("shop/routers/mail.py", ROUTER),
        ("shop/routers/orders.py", "from fastapi import APIRouter\n\nrouter = APIRouter()\n"),
        ("shop/clients/mail/__init__.py", ""),
        ("shop/clients/mail/send.py", "def send(body):\n    return body\n"),
        (
            "main.py",
            "from fastapi import FastAPI\nfrom shop.clients.mail.send import send\n\
             from shop.routers import orders\n\napp = FastAPI()\napp.include_router(orders.router)\nsend(1)\n\
             # app.include_router(mail.router)\n",
        ),
        ("scripts/check.py", "import importlib\n\nimportlib.import_module(name)\n"),
    ] {
        folder.write(path, text.as_bytes());
    }
    let found = |folder: &Folder| handlers(folder, &["shop/routers/mail.py"]);
    assert_eq!(found(&folder), ["10 info"]);
    folder.write("shop/load.py", b"import importlib\n\nimportlib.import_module(name)\n");
    assert_eq!(found(&folder), ["10 warning"]);
}

#[test]
fn what_a_guide_warns_of_and_the_linters_leave_out_is_advice() {
    let folder = Folder::new(&SHOP);
    folder.write("lab/README", b"= Lab =\nDo not use it in\nproduction just yet!\n");
    folder.write("lab/store.py", ORDERS.as_bytes());
    folder.write("lab/start.py", b"import store\n\nstore.load(1)\nstore.forgotten(1)\n");
    let found = |folder: &Folder| handlers(folder, &["lab/store.py"]);
    assert_eq!(found(&folder), ["7 warning", "14 warning"]);
    let pipeline = "on: push\njobs:\n  lint:\n    runs-on: ubuntu-latest\n    steps:\n      \
        - run: flake8 . --exclude=build,lab --count\n";
    folder.write(".github/workflows/lint.yml", pipeline.as_bytes());
    assert_eq!(found(&folder), ["7 info", "14 info"]);
}
