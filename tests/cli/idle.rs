//! Code that nothing runs, through the binary: which findings become advice there, and which stay.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use super::folder::Folder;

const ORDERS: &str = "import requests


def load(order):
    try:
        gateway.save(order)
    except:
        pass


def forgotten(order):
    try:
        gateway.save(order)
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
        save(body)
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

const TRIED: &str = "        try:
            gateway.save(order)
        except:
            pass
";

#[test]
fn views_that_nothing_gives_an_address_are_advice() {
    let view = |class: &str, base: &str, method: &str| {
        format!("class {class}({base}):\n    def {method}(self, request, *keys):\n{TRIED}\n\n")
    };
    let head =
        "import requests\nfrom django.views import View\nfrom rest_framework import viewsets\n\n";
    let listed = view("Listed", "View", "get");
    let forgotten = view("Forgotten", "View", "get");
    let orders = view("Orders", "viewsets.ModelViewSet", "partial_update");
    let replaced = view("Prices", "viewsets.ModelViewSet", "patch");
    // One that only reads has no action of its own that would stand in the place of this one.
    let reading = view("Costs", "viewsets.ReadOnlyModelViewSet", "delete");
    let views = [head, &listed, &forgotten, &orders, &replaced, &reading].concat();
    let addresses = "from shop import views\n\nurlpatterns = [path('', views.Listed.as_view())]\n\
        router.register('orders', views.Orders)\nrouter.register('costs', views.Costs)\nrouter.register('prices', views.Prices)\n";
    let folder = Folder::new(&SHOP);
    folder.write("shop/urls.py", addresses.as_bytes());
    folder.write("shop/views.py", views.as_bytes());
    let expected = ["9 warning", "17 info", "25 warning", "33 info", "41 warning"];
    assert_eq!(handlers(&folder, &["shop/views.py"]), expected);
    // Its own list of methods may name that one.
    let own = format!("{addresses}VIEW = views.Prices.as_view({{'patch': 'patch'}})\n");
    folder.write("shop/urls.py", own.as_bytes());
    assert_eq!(handlers(&folder, &["shop/views.py"])[3], "33 warning");
}

#[test]
fn a_branch_that_no_caller_asks_for_is_advice() {
    let send = format!(
        "import requests\n\n\ndef send(method, place=''):\n    if method.upper() == 'GET':\n{TRIED}    elif method == 'POST':\n{TRIED}"
    );
    for (call, expected) in [
        ("orders.send('post')", ["8 info", "13 warning"]),
        ("orders.send(method='post', place=choose())", ["8 info", "13 warning"]),
        ("orders.send(choose())", ["8 warning", "13 warning"]),
        ("orders.send(*choose())", ["8 warning", "13 warning"]),
        ("start(orders.send)", ["8 warning", "13 warning"]),
    ] {
        let folder = Folder::new(&SHOP);
        folder.write("shop/orders.py", send.as_bytes());
        folder.write("main.py", format!("from shop import orders, stock\n\n{call}\n").as_bytes());
        assert_eq!(handlers(&folder, &["shop/orders.py"]), expected, "{call}");
    }
}

#[test]
fn a_branch_may_be_chosen_by_what_a_class_extends_and_by_another_value() {
    let inside = TRIED.replace("\n    ", "\n        ");
    for (base, first, expected) in [
        ("", "place = self", "info"),
        ("", "self.place, method = method, place", "warning"),
        ("", "for place, method in place:\n            print(place)", "warning"),
        ("", "method += place", "warning"),
        ("(requests.Session)", "place = self", "warning"),
    ] {
        let code = format!(
            "import requests\n\n\nclass Client{base}:\n    def send(self, method, place=''):\n        {first}\n\
             \x20       if method == 'GET':\n    {inside}\n\ndef start(stock):\n    return Client()\n"
        );
        let then = "client = orders.Client()\nclient.send('POST', place='x')\n";
        assert_eq!(levels(&code, then), [expected], "{code}");
    }
}

#[test]
fn what_an_image_starts_is_in_use_whatever_is_asked_for() {
    let code = "import logging\n\nfrom fastapi import FastAPI\n\nlogger = logging.getLogger(__name__)\napp = FastAPI()\n\n\n\
        @app.post('/orders')\ndef load(order):\n    print(f'order={order}')\n    return order\n\n\n\
        @app.get('/stock')\ndef stock():\n    logger.info('a')\n    logger.info('b')\n    return 1\n";
    let folder = Folder::new(&SHOP);
    folder.write("serve_orders.py", code.as_bytes());
    let level = || {
        let rule = ["--select", "print-in-product-code", "--output-format", "json", "--exit-zero"];
        let report = folder.check(&rule).json();
        report["findings"][0]["severity"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(level(), "info");
    folder.write("Dockerfile", b"FROM python:3.13\nCMD [\"python\", \"serve_orders.py\"]\n");
    assert_eq!(level(), "warning");
}

#[test]
fn a_class_of_the_same_name_has_to_have_the_method() {
    let client = format!(
        "import requests\n\n\nclass Client:\n    def put(self):\n{TRIED}\n\ndef start(stock):\n    return Client()\n"
    );
    let other = "class Other:\n    def put(self):\n        pass\n";
    for (code, expected) in [
        ("class Client:\n    pass\n\n\ndef run(store):\n    store.put()\n", "warning"),
        (
            "class Client:\n    def put(self):\n        pass\n\n\ndef run(store):\n    store.put()\n",
            "warning",
        ),
        (
            "class Client:\n    def put(self):\n        pass\n\n\ndef run(client):\n    client.put()\n",
            "info",
        ),
    ] {
        let folder = Folder::new(&SHOP);
        folder.write("shop/orders.py", client.as_bytes());
        folder.write("shop/attached.py", code.as_bytes());
        folder.write("shop/lists.py", other.as_bytes());
        let main = "from shop import attached, lists, stock\nfrom shop.orders import start\n\nattached.run(start(stock))\nprint(lists)\n";
        folder.write("main.py", main.as_bytes());
        let found = handlers(&folder, &["shop/orders.py"]);
        assert_eq!(found, [format!("8 {expected}")], "{code}");
    }
}

#[test]
fn a_parameter_named_like_a_module_is_no_module() {
    let folder = Folder::new(&SHOP);
    let client = format!("import requests\n\n\nclass Client:\n    def put(self):\n{TRIED}");
    folder.write("shop/orders.py", client.as_bytes());
    let main = "import requests\nfrom shop import orders, stock\n\nclient = orders.Client()\n";
    let call = "\n\ndef run(requests):\n    requests.put()\n\n\nrun(client)\n";
    folder.write("main.py", format!("{main}requests.put('x', timeout=3)\n").as_bytes());
    assert_eq!(handlers(&folder, &["shop/orders.py"]), ["8 info"]);
    folder.write("main.py", format!("{main}{call}").as_bytes());
    assert_eq!(handlers(&folder, &["shop/orders.py"]), ["8 warning"]);
    folder.write("main.py", format!("{main}requests = client\nrequests.put()\n").as_bytes());
    assert_eq!(handlers(&folder, &["shop/orders.py"]), ["8 warning"]);
}

#[test]
fn what_is_switched_off_and_what_others_have_under_the_name_is_no_use() {
    for (text, expected) in [
        ("if 0:\n    orders.forgotten(1)\n", "14 info"),
        ("if False:\n    for it in [1]:\n        orders.forgotten(it)\n", "14 info"),
        ("if stock:\n    orders.forgotten(1)\n", "14 warning"),
        ("if False:\n    pass\nelse:\n    orders.forgotten(1)\n", "14 warning"),
    ] {
        let folder = Folder::new(&SHOP);
        let main = format!("from shop import orders, stock\n\norders.load(stock.PLACE)\n{text}");
        folder.write("main.py", main.as_bytes());
        assert_eq!(handlers(&folder, &[]), ["7 warning", expected], "{text}");
    }
    let folder = Folder::new(&SHOP);
    let client = format!("import requests\n\n\nclass Client:\n    def put(self):\n{TRIED}");
    folder.write("shop/orders.py", client.as_bytes());
    folder.write("shop/prices.py", b"import requests\n\nPLACE = requests.put('x', timeout=3)\n");
    let main = "from shop import orders, stock\n\nclient = orders.Client()\n";
    folder.write("main.py", main.as_bytes());
    assert_eq!(handlers(&folder, &["shop/orders.py"]), ["8 info"]);
    folder.write("main.py", format!("{main}client.put()\n").as_bytes());
    assert_eq!(handlers(&folder, &["shop/orders.py"]), ["8 warning"]);
}

#[test]
fn what_says_that_it_is_out_of_use_is_advice() {
    for (decorator, docstring, expected) in [
        ("", "", "warning"),
        ("@deprecated('use store')\n", "", "info"),
        ("", "    '''Loads. (unused)'''\n", "info"),
        ("", "    '''Loads what is unused.'''\n", "warning"),
    ] {
        let inside = TRIED.replace("\n    ", "\n");
        let head = format!("import requests\n\n\n{decorator}def start(order):\n{docstring}");
        let code = format!("{head}{}", &inside[4..]);
        assert_eq!(levels(&code, ""), [expected], "{code}");
    }
}

/// The levels of the handlers of `shop/orders.py`, which the program starts and then does something with.
fn levels(orders: &str, then: &str) -> Vec<String> {
    let folder = Folder::new(&SHOP);
    folder.write("shop/orders.py", orders.as_bytes());
    let main = format!("from shop import orders, stock\n\norders.start(stock)\n{then}");
    folder.write("main.py", main.as_bytes());
    let found = handlers(&folder, &["shop/orders.py"]);
    found.iter().filter_map(|it| it.split(' ').next_back()).map(str::to_owned).collect()
}

#[test]
fn methods_that_only_namesakes_call_are_advice() {
    let code = format!(
        "import requests\nfrom abc import ABC\n\n\nclass Store(ABC):\n    def put_all(self):\n        pass\n\n\n\
         class Near(Store):\n    name = 'near'\n\n\nclass Shelf(Near):\n    def put_all(self):\n{TRIED}\n\n\
         class Shelves(Store):\n    def put_all(self):\n        for it in self.shelves:\n            it.put_all()\n\n\n\
         def start(stock):\n    return Shelves(Shelf(stock))\n"
    );
    assert_eq!(levels(&code, ""), ["info"]);
    assert_eq!(levels(&code, "orders.start(1).put_all()\n"), ["warning"]);
}

#[test]
fn rows_and_managers_that_nothing_asks_are_advice() {
    let start = "\n\ndef start(stock):\n    return stock\n";
    let head = "import requests\nfrom django.db import models\n\n\n";
    let row = format!("{head}class VisitLog(models.Model):\n    def os(self):\n{TRIED}{start}");
    assert_eq!(levels(&row, "print(stock.os)\n"), ["info"]);
    for asked in ["orders.VisitLog.objects.all()", "stock.visitlog_set.all()"] {
        assert_eq!(levels(&row, &format!("print([it.os() for it in {asked}])\n")), ["warning"]);
    }
    let manager =
        format!("{head}class Visits(models.Manager):\n    def mend_visits(self):\n{TRIED}{start}");
    assert_eq!(levels(&manager, "# orders.Visits().mend_visits()\n"), ["info"]);
    assert_eq!(levels(&manager, "orders.Visits().mend_visits()\n"), ["warning"]);
}

#[test]
fn what_a_log_tells_of_is_no_use() {
    let code = format!(
        "import requests\n\n\nclass Client:\n    def put(self):\n{TRIED}\n\ndef start(stock):\n    return Client()\n"
    );
    let told = "client = orders.Client()\nlogger.error(f'Error in put: {client}')\n";
    assert_eq!(levels(&code, told), ["info"]);
    let worked_out = format!("{told}print(f'sent {{client.put()}}')\n");
    assert_eq!(levels(&code, &worked_out), ["warning"]);
}

#[test]
fn methods_of_view_sets_that_no_router_knows_are_advice() {
    let code = |mark: &str| {
        format!(
            "import requests\nfrom rest_framework import viewsets\nfrom rest_framework.decorators import action\n\n\n\
             class Orders(viewsets.ModelViewSet):\n{mark}    def contact(self, request):\n{TRIED}\n\n\
             def start(router):\n    router.register('orders', Orders)\n"
        )
    };
    assert_eq!(levels(&code(""), ""), ["info"]);
    assert_eq!(levels(&code("    @api_view(['POST'])\n"), ""), ["info"]);
    assert_eq!(levels(&code("    @action(detail=False)\n"), ""), ["warning"]);
    assert_eq!(levels(&code(""), "orders.Orders.as_view({'post': 'contact'})\n"), ["warning"]);
}

#[test]
fn what_says_that_nothing_of_it_runs_is_advice() {
    let begin =
        "from firstshop import orders\n\nif __name__ == \"__main__\":\n    orders.load(1)\n";
    let first = [
        ("firstshop/__init__.py", ""),
        ("firstshop/main.py", begin),
        ("firstshop/orders.py", ORDERS),
    ];
    let guide = ("firstshop/README.md", "# The first shop\n\n**Nothing in this folder runs.**\n");
    let runs = [&SHOP[..], &first].concat();
    assert_eq!(handlers(&Folder::new(&runs), &["firstshop"])[0], "7 warning");
    let told = [&runs[..], &[guide]].concat();
    assert_eq!(handlers(&Folder::new(&told), &["firstshop"])[0], "7 info");
    let caller = ("shop/first.py", "from firstshop.orders import load\n\nload(1)\n");
    let used = [&told[..], &[caller]].concat();
    assert_eq!(handlers(&Folder::new(&used), &["firstshop"])[0], "7 warning");
}

#[test]
fn what_cannot_be_loaded_is_advice() {
    let folder = Folder::new(&SHOP);
    let broken = format!("from shop.stock import Counter\n{ORDERS}");
    folder.write("shop/orders.py", broken.as_bytes());
    assert_eq!(handlers(&folder, &[]), ["8 info", "15 info"]);
    for stock in [
        "from shop.prices import PLACE\n\nclass Counter: ...\n",
        "from shop.prices import *\nfrom elsewhere import *\n",
        "from shop.prices import PLACE\n\ndef __getattr__(name):\n    return name\n",
    ] {
        folder.write("shop/stock.py", stock.as_bytes());
        assert_eq!(handlers(&folder, &[]), ["8 warning", "15 info"], "{stock}");
    }
    folder.write("shop/stock.py", b"from shop.prices import *\n");
    assert_eq!(handlers(&folder, &[]), ["8 info", "15 info"]);
    let tried = format!(
        "try:\n    from shop.stock import Counter\nexcept ImportError: Counter = 1\n{ORDERS}"
    );
    folder.write("shop/orders.py", tried.as_bytes());
    assert_eq!(handlers(&folder, &[]), ["10 warning", "17 info"]);
}
