//! The kinds of configuration files, and the ways in which each of them binds a name to a text.

use super::secrets::Shape;
use Shape::{Block, Header, Token, Typed, Whole, Word};

/// One way to write entries into one kind of file.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) accepts: &'static [Shape],
    /// The file; `«n»` sets it apart from others.
    pub(crate) path: &'static str,
    pub(crate) head: &'static str,
    /// One entry.
    pub(crate) entry: &'static str,
    pub(crate) between: &'static str,
    pub(crate) tail: &'static str,
    /// How many entries a file has.
    pub(crate) size: usize,
    /// Whether the file itself is reported where it holds a credential, so that harmless entries need files of their
    /// own.
    pub(crate) whole: bool,
    /// Whether any name can be an entry's.
    pub(crate) free: bool,
}

/// No blanks, and nothing that needs quotes.
const BARE: &[Shape] = &[Word, Token];
const SHORT: &[Shape] = &[Word, Token, Typed];
const LINE: &[Shape] = &[Word, Token, Typed, Whole];
const PLAIN: &[Shape] = &[Word];
const BLOCKS: &[Shape] = &[Block];

const fn entries(
    name: &'static str,
    accepts: &'static [Shape],
    path: &'static str,
    (head, entry, between, tail): (&'static str, &'static str, &'static str, &'static str),
) -> Form {
    Form { name, accepts, path, head, entry, between, tail, size: 8, whole: false, free: true }
}

/// A file whose names are fixed by its reader.
const fn fixed(
    name: &'static str,
    accepts: &'static [Shape],
    path: &'static str,
    (head, entry, between, tail): (&'static str, &'static str, &'static str, &'static str),
) -> Form {
    Form { name, accepts, path, head, entry, between, tail, size: 1, whole: false, free: false }
}

impl Form {
    const fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    const fn of(self, size: usize) -> Self {
        Self { size, ..self }
    }
}

pub(crate) const FORMS: &[Form] = &[
    entries(".env", BARE, "services/s«n»/.env", ("# «service»\nREGION=eu-west-1\n", "«UPPER»=«value»", "\n", "\nDEBUG=0\n")).whole(),
    entries(".env, quoted", LINE, "services/q«n»/.env", ("REGION=\"eu-west-1\"\n", "«UPPER»=\"«value»\"", "\n", "\n")).whole(),
    entries(".env, exported", LINE, "services/e«n»/.env.production", ("export REGION=eu-west-1\n", "export «UPPER»='«value»'  # «service»", "\n", "\n")).whole(),
    entries("YAML map", SHORT, "config/app_«n».yaml", ("region: eu-west-1\nstores:\n", "  - host: «service».acme-retail.io\n    «snake»: \"«value»\"", "\n", "\n")),
    entries("YAML map, plain", BARE, "config/plain_«n».yml", ("region: eu-west-1\nworkers: 4\n", "«snake»: «value»", "\n", "\n")),
    entries("YAML map, single quotes", LINE, "config/single_«n».yml", ("region: eu-west-1\nlogging:\n  level: info\nservices:\n", "  «camel»: '«value»'  # «service»", "\n", "\n")),
    entries("YAML flow map", SHORT, "config/flow_«n».yaml", ("stores:\n", "  - {host: «service».acme-retail.io, «snake»: \"«value»\", port: 5432}", "\n", "\n")),
    entries("Kubernetes env list", LINE, "k8s/deployment_«n».yaml",
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: «service»\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: acme/«service»:1.4\n          env:\n",
         "            - name: «UPPER»\n              value: \"«value»\"", "\n", "\n")),
    entries("Compose environment map", LINE, "deploy/s«n»/docker-compose.yml",
        ("services:\n  «service»:\n    image: acme/«service»:2\n    environment:\n", "      «UPPER»: \"«value»\"", "\n", "\n    ports: [\"8080:8080\"]\n")),
    entries("Compose environment list", BARE, "deploy/l«n»/compose.yaml",
        ("services:\n  «service»:\n    image: acme/«service»:2\n    environment:\n      - REGION=eu-west-1\n", "      - «UPPER»=«value»", "\n", "\n")),
    entries("Kubernetes Secret data", LINE, "k8s/secret_«n».yaml",
        ("apiVersion: v1\nkind: Secret\nmetadata:\n  name: «service»\ntype: Opaque\ndata:\n", "  «kebab»: «base64»", "\n", "\n")).whole(),
    entries("Kubernetes Secret stringData", SHORT, "k8s/strings_«n».yaml",
        ("apiVersion: v1\nkind: Secret\nmetadata:\n  name: «service»\nstringData:\n", "  «snake»: \"«value»\"", "\n", "\n")).whole(),
    entries("Helm values", SHORT, "charts/c«n»/values.yaml", ("replicaCount: 2\nimage:\n  tag: \"1.4\"\nconfig:\n", "  «camel»: \"«value»\"", "\n", "\nresources: {}\n")),
    entries("YAML block scalar", BLOCKS, "config/tls_«n».yaml", ("tls:\n  enabled: true\n", "  «snake»: |\n    «block»", "\n", "\n")).of(1),
    entries("YAML folded scalar", BARE, "config/folded_«n».yaml", ("region: eu-west-1\n", "«snake»: >-\n  «value»", "\n", "\n")),
    entries("Ansible variables", LINE, "ansible/group_vars/all_«n».yml", ("---\nansible_user: deploy\n", "«snake»: '«value»'", "\n", "\n")),
    entries("workflow env", SHORT, ".github/workflows/deploy_«n».yml",
        ("name: deploy\non: push\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    env:\n", "      «UPPER»: \"«value»\"", "\n", "\n    steps:\n      - run: make deploy\n")),
    entries("workflow run", BARE, ".github/workflows/run_«n».yml",
        ("name: run\non: push\njobs:\n  run:\n    runs-on: ubuntu-24.04\n    steps:\n", "      - run: |\n          export «UPPER»=\"«value»\"\n          make deploy", "\n", "\n")),
    entries("TOML", LINE, "config/app_«n».toml", ("region = \"eu-west-1\"\n\n[store]\n", "«snake» = \"«value»\"", "\n", "\n")),
    entries("TOML, literal strings", LINE, "config/literal_«n».toml", ("[\"«service»\".store]\nport = 5432\n", "«kebab» = '«value»'  # «service»", "\n", "\n")),
    entries("TOML inline table", SHORT, "config/inline_«n».toml", ("region = \"eu-west-1\"\n\n", "[«camel»_]\nstore = { host = \"db.acme-retail.io\", «snake» = \"«value»\" }", "\n", "\n")),
    entries("JSON", LINE, "config/app_«n».json", ("{\n  \"region\": \"eu-west-1\",\n", "  \"«snake»\": \"«value»\"", ",\n", "\n}\n")),
    entries("JSON, nested", LINE, "config/nested_«n».json", ("{\"region\": \"eu-west-1\", \"stores\": [\n", "  {\"host\": \"«service»\", \"login\": {\"«camel»\": \"«value»\"}}", ",\n", "\n]}\n")),
    entries("JSON with a block", BLOCKS, "config/block_«n».json", ("{\n", "  \"«snake»\": \"«escaped»\\n\"", ",\n", "\n}\n")).of(1),
    entries("INI", SHORT, "config/app_«n».ini", ("[«service»]\nhost = db.acme-retail.io\n", "«snake» = «value»", "\n", "\n")),
    entries("INI with colons", BARE, "config/colon_«n».cfg", ("[«service»]\nhost: db.acme-retail.io\n", "«snake»: «value»", "\n", "\n")),
    entries("properties", BARE, "config/application_«n».properties", ("server.port=8080\n", "acme.«dotted»=«value»", "\n", "\n")),
    entries("Dockerfile ENV", BARE, "images/a«n»/Dockerfile", ("FROM python:3.13-slim\nWORKDIR /app\n", "ENV «UPPER»=«value»", "\n", "\nCOPY . .\nCMD [\"python\", \"-m\", \"shop\"]\n")),
    entries("Dockerfile ENV, quoted", LINE, "images/q«n»/Dockerfile", ("FROM python:3.13-slim\n", "ENV REGION=eu \\\n    «UPPER»=\"«value»\"", "\n", "\nCMD [\"python\"]\n")),
    entries("Dockerfile ENV with a blank", BARE, "images/b«n»/Dockerfile", ("FROM python:3.13-slim\n", "ENV «UPPER» «value»", "\n", "\nCMD [\"python\"]\n")),
    entries("Dockerfile ARG", BARE, "images/g«n»/Dockerfile", ("FROM python:3.13-slim\n", "ARG «UPPER»=«value»", "\n", "\nRUN make\n")),
    entries("Dockerfile RUN", BARE, "images/r«n»/Dockerfile", ("FROM python:3.13-slim\n", "RUN export «UPPER»=\"«value»\" && make «service»", "\n", "\n")),
    entries("Dockerfile RUN with pip", PLAIN, "images/p«n»/Dockerfile",
        ("FROM python:3.13-slim\n", "RUN pip install --extra-index-url https://svc:«value»@pypi.acme-retail.io/simple «service»", "\n", "\n")).named(),
    entries("shell export", LINE, "scripts/export_«n».sh", ("#!/bin/sh\nset -eu\n", "export «UPPER»='«value»'", "\n", "\nexec shop serve\n")),
    entries("shell assignment", BARE, "scripts/deploy_«n».sh", ("#!/usr/bin/env bash\nset -euo pipefail\n", "«UPPER»=\"«value»\"", "\n", "\nmake deploy\n")),
    entries("curl with a header", PLAIN, "scripts/curl_«n».sh",
        ("#!/bin/sh\n", "curl -sS -H \"X-«Header»: «value»\" https://api.acme-retail.io/v1/«service»", "\n", "\n")),
    entries("curl with a bearer", PLAIN, "scripts/bearer_«n».sh",
        ("#!/bin/sh\n", "curl -sS -H 'Authorization: Bearer «value»' https://api.acme-retail.io/v1/«service»", "\n", "\n")).named(),
    fixed("netrc", BARE, "deploy/n«n»/.netrc", ("machine git.acme-retail.io\n", "  login deploy\n  password «value»", "\n", "\n")).whole(),
    fixed("npmrc", PLAIN, "web/w«n»/.npmrc", ("registry=https://npm.acme-retail.io/\n", "//npm.acme-retail.io/:_authToken=«value»", "\n", "\n")).whole(),
    fixed("pypirc", SHORT, "deploy/y«n»/.pypirc", ("[distutils]\nindex-servers = acme\n\n[acme]\nrepository = https://pypi.acme-retail.io\n", "username = deploy\npassword = «value»", "\n", "\n")).whole(),
    fixed("pip.conf", PLAIN, "deploy/i«n»/pip.conf", ("[global]\ntimeout = 60\n", "extra-index-url = https://deploy:«value»@pypi.acme-retail.io/simple", "\n", "\n")),
    fixed("alembic.ini", PLAIN, "migrations/m«n»/alembic.ini", ("[alembic]\nscript_location = alembic\n", "sqlalchemy.url = postgresql+psycopg2://shop:«value»@db.acme-retail.io/shop", "\n", "\n")),
    fixed(".pem", BLOCKS, "certs/server_«n».pem", ("", "«block»", "\n", "\n")).whole(),
    fixed(".key", BLOCKS, "certs/server_«n».key", ("", "«block»", "\n", "\n")).whole(),
    fixed("id_rsa", BLOCKS, "deploy/k«n»/id_rsa", ("", "«block»", "\n", "\n")).whole(),
    entries("notebook source", LINE, "notebooks/report_«n».ipynb",
        ("{\n \"cells\": [\n  {\n   \"cell_type\": \"code\",\n   \"execution_count\": 1,\n   \"metadata\": {},\n   \"outputs\": [],\n   \"source\": [\n    \"import requests\\n\",\n",
         "    \"«snake» = '«value»'\\n\"", ",\n", "\n   ]\n  }\n ],\n \"metadata\": {},\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n")),
    entries("YAML comment", SHORT, "config/comment_«n».yaml", ("region: eu-west-1\n", "# «snake»: \"«value»\"", "\n", "\nworkers: 4\n")),
    entries("INI comment", SHORT, "config/comment_«n».ini", ("[«service»]\nworkers = 4\n", "# «snake» = \"«value»\"", "\n", "\n")),
    entries("JSON in YAML", SHORT, "config/json_«n».yaml", ("region: eu-west-1\n", "«snake»_settings: '{\"host\": \"«service»\", \"«camel»\": \"«value»\"}'", "\n", "\n")),
    entries("header in YAML", &[Header], "config/header_«n».yaml", ("upstream: api.acme-retail.io\nheaders:\n", "  Authorization: \"«value»\"", "\n", "\n")).of(1),
    entries("header in JSON", &[Header], "config/header_«n».json", ("{\"headers\": {\n", "  \"Authorization\": \"«value»\"", ",\n", "\n}}\n")).of(1),
];

impl Form {
    /// Its own text binds the value, whatever the kind of credential is called.
    const fn named(self) -> Self {
        Self { free: false, ..self }
    }
}
