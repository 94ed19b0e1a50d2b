//! Code of others in a repository: by its folder, its name, its licence, or what an installer left.

use super::{PACKAGE, Role, role};

#[test]
fn vendored_code_lies_in_its_folder_but_vendors_may_be_the_subject() {
    let copied = [PACKAGE, ("app/_vendor/six.py", "x = 1\n")];
    role(&copied, "app/_vendor/six.py", Role::Vendored, "lies in a folder `_vendor`");
    let shop = [("vendor/models.py", "x = 1\n"), ("vendor/views.py", "x = 1\n")];
    role(&shop, "vendor/views.py", Role::Application, "no manifest says how it is used");
}

#[test]
fn libraries_of_other_charms_were_fetched() {
    let path = "lib/charms/loki_k8s/v1/push.py";
    let own = "lib/charms/shop_k8s/v0/orders.py";
    let files = [("metadata.yaml", "name: shop-k8s\n"), (path, "x = 1\n"), (own, "x = 1\n")];
    role(&files, path, Role::Vendored, "was fetched by charmcraft from the charm loki_k8s");
    role(&files, own, Role::Application, "no manifest says how it is used");
}

#[test]
fn a_copy_of_a_library_has_its_name_or_its_licence() {
    let lib = [("run.py", ""), ("lib/requests/api.py", ""), ("lib/requests/packages/six.py", "")];
    let reason = "is of the copy of requests in a folder `lib`";
    role(&lib, "lib/requests/packages/six.py", Role::Vendored, reason);
    let signed = "__version__ = '2.1'\n__author__ = 'Ann Other'\n";
    let signed = [("LICENSE", "Shop Ltd."), ("own_libs/post/__init__.py", signed), ("a.py", "")];
    let reason = "is of the copy of post in a folder `own_libs`";
    role(&signed, "own_libs/post/__init__.py", Role::Vendored, reason);
    let own = [("lib/__init__.py", ""), ("lib/requests/order.py", "")];
    role(&own, "lib/requests/order.py", Role::Application, "no manifest says how it is used");
    let mit = |holder: &str| format!("Copyright (c) 2020 {holder}\n\nPermission is hereby granted");
    let (shop, other) = (mit("Shop Ltd."), mit("Ann Other"));
    let package = [
        ("LICENSE", shop.as_str()),
        PACKAGE,
        ("app/post/__init__.py", ""),
        ("app/post/LICENSE", other.as_str()),
        ("app/post/http/send.py", ""),
        ("app/pay/__init__.py", ""),
        ("app/pay/LICENSE", shop.as_str()),
    ];
    let reason = "post brings the licence of others";
    role(&package, "app/post/http/send.py", Role::Vendored, reason);
    let reason = "no manifest says how it is used";
    role(&package, "app/pay/__init__.py", Role::Application, reason);
}

#[test]
fn an_environment_that_was_committed_is_vendored() {
    let files = [
        ("pyvenv.cfg", "home = C:\\Python\n"),
        ("Scripts/activate_this.py", "x = 1\n"),
        ("app.py", "x = 1\n"),
    ];
    role(&files, "Scripts/activate_this.py", Role::Vendored, "lies in an environment (pyvenv.cfg)");
    role(&files, "app.py", Role::Application, "no manifest says how it is used");
    let alone = [("Scripts/clean.py", "x = 1\n"), ("app.py", "x = 1\n")];
    role(&alone, "Scripts/clean.py", Role::Application, "no manifest says how it is used");
}

#[test]
fn what_an_installer_unpacked_below_the_repository_is_vendored() {
    let layer = [
        ("app/handler.py", "x = 1\n"),
        ("layers/http/python/requests-2.32.0.dist-info/METADATA", "Name: requests\n"),
        ("layers/http/python/requests/api.py", "x = 1\n"),
    ];
    let reason = "was unpacked by an installer below the repository (*.dist-info)";
    role(&layer, "layers/http/python/requests/api.py", Role::Vendored, reason);
    role(&layer, "app/handler.py", Role::Application, "no manifest says how it is used");
    // The project around it has a manifest, and its own modules are put beside what they need.
    let bundle = [
        ("bundle/requests-2.32.0.dist-info/METADATA", "Name: requests\n"),
        ("bundle/src/shop/orders.py", "x = 1\n"),
        ("pyproject.toml", "[project]\nname = \"shop\"\n"),
    ];
    role(&bundle, "bundle/src/shop/orders.py", Role::Vendored, reason);
    let unpacked = [("requests-2.32.0.dist-info/METADATA", ""), ("requests/api.py", "x = 1\n")];
    let reason = "was unpacked by an installer (*.dist-info)";
    role(&unpacked, "requests/api.py", Role::Library, reason);
}
