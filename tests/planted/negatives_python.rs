//! Python that speaks of credentials and holds none.

/// Forms of `forms_python` that hold harmless pairs; defaults of settings are left out, where `changeme` is a fault.
pub(crate) const PAIR_FORMS: &[&str] = &[
    "assignment",
    "local assignment",
    "class attribute",
    "annotated",
    "dataclass field",
    "dictionary",
    "keyword argument",
    "annotated parameter",
    "attribute",
    "subscript",
    "comparison",
    "tuple assignment",
    "pair",
    "walrus",
    "conditional",
    "dict.get default",
    "implicit concatenation",
    "comment",
    "JSON in a string",
    "reversed comparison",
];

/// A kind of harmless code.
pub(crate) struct Code {
    pub(crate) name: &'static str,
    pub(crate) templates: &'static [&'static str],
}

pub(crate) const CODE: &[Code] = &[
    code(
        "members of enumerations",
        &[
            "class Scope«n»(str, Enum):\n    ACCESS_TOKEN = \"access_token_«digits 4»\"\n    API_KEY = \"api-key-v2-«digits 3»\"",
            "class Kind«n»(models.TextChoices):\n    PASSWORD = \"pw01x9\", \"Password\"\n    TOKEN = \"tk«digits 6»\", \"Token\"",
            "class Error«n»(IntEnum):\n    TOKEN = 14\n    SECRET = 15",
        ],
    ),
    code(
        "constants that name constants",
        &[
            "CONF_PASSWORD_«n» = \"password\"\nATTR_API_KEY = \"api_key\"",
            "TOKEN_COOKIE_«n» = \"«service»_session_v2\"",
            "SECRET_NAME_«n» = \"«service»/live/db-1\"",
            "PASSWORD_FIELDS_«n» = (\"password1\", \"password2\")",
        ],
    ),
    code(
        "values read elsewhere",
        &[
            "password_«n» = os.environ[\"«WORD»_PASSWORD\"]",
            "api_key_«n» = os.getenv(\"«WORD»_API_KEY\", \"\")",
            "token_«n» = os.environ.get(\"«WORD»_TOKEN\", None)",
            "secret_«n» = vault.read(\"secret/data/«service»/v2\")[\"password\"]",
            "api_key_«n» = keyring.get_password(\"«service»\", \"svc-reports\")",
            "token_«n» = boto3.client(\"ssm\").get_parameter(Name=\"/live/«service»/token-1\")",
            "password_«n» = getpass.getpass(\"Password for «service»-1: \")",
            "client_secret_«n» = options[\"«word»_client_secret_2\"]",
            "API_TOKEN_«n» = Path(\"/run/secrets/«service»_token\").read_text().strip()",
            "credentials_«n» = Credentials.from_file(\"svc-«digits 4».json\")",
        ],
    ),
    code(
        "secrets made at run time",
        &[
            "token_«n» = secrets.token_urlsafe(32)",
            "secret_key_«n» = get_random_secret_key()",
            "password_«n» = \"\".join(random.choices(string.ascii_letters + string.digits, k=16))",
            "api_key_«n» = f\"ak_{uuid4().hex}\"",
            "session_token_«n» = hashlib.sha256(f\"{user}:{salt}\".encode()).hexdigest()",
        ],
    ),
    code(
        "annotations",
        &[
            "class Login«n»(BaseModel):\n    password: Annotated[str, Field(min_length=8, pattern=\"^[!-~]{8,64}$\")]\n    token: Literal[\"bearer-v1\", \"mac-v2\"]",
            "def rotate_«n»(api_key: \"SecretStr | None\" = None, *, token: \"Token2\" = None) -> \"ApiKey1\":\n    return make(api_key, token)",
            "class Account«n»(TypedDict):\n    password: NotRequired[str]\n    api_key: \"str\"",
        ],
    ),
    code(
        "columns of tables",
        &[
            "class User«n»(Base):\n    password = Column(\"password_v2\", String(128))\n    api_token = mapped_column(\"api_token_«digits 2»\", unique=True)",
            "class Key«n»(models.Model):\n    secret = models.CharField(\"Secret (base32)\", max_length=64, help_text=\"16+ characters\")",
            "QUERY_«n» = \"SELECT id, password_hash FROM users WHERE token = %s AND api_key = 'x' LIMIT 1\"",
            "SQL_«n» = \"UPDATE users SET password=:password, token=:token2 WHERE id=:id\"",
        ],
    ),
    code(
        "options of programs",
        &[
            "parser.add_argument(\"--token\", metavar=\"TOKEN\", help=\"token of «service», such as tok_12ab\")",
            "parser.add_argument(\"--password\", default=None, help=\"read from PGPASSWORD by default\")",
            "@click.option(\"--api-key\", envvar=\"«WORD»_API_KEY\", prompt=\"API key (32 characters)\")\ndef ask_«n»(api_key):\n    use(api_key)",
            "app_«n» = Option(None, \"--client-secret\", \"-s2\", help=\"OAuth2 client secret\", show_default=\"env: SECRET2\")",
        ],
    ),
    code(
        "formatted strings",
        &[
            "url_«n» = f\"postgresql://{user}:{password}@{host}:5432/{name}\"",
            "url_«n» = \"https://%s:%s@git.acme-retail.io/x.git\" % (user, token)",
            "url_«n» = \"amqp://{}:{}@mq.acme-retail.io:5672\".format(user, password)",
            "headers_«n» = {\"Authorization\": f\"Bearer {token}\", \"X-Api-Key\": f\"{api_key}\"}",
            "headers_«n» = {\"Authorization\": \"Basic \" + b64encode(pair).decode()}",
            "dsn_«n» = f\"host={host} password={password} user=svc\"",
            "payload_«n» = '{\"password\": \"%s\", \"user\": \"svc1\"}' % password",
            "body_«n» = f'{{\"token\": \"{token}\", \"v\": 2}}'",
        ],
    ),
    code(
        "documentation of parameters",
        &[
            "def sign_«n»(password, token):\n    \"\"\"Sign.\n\n    :param password: the password; at least 8 characters (a-z, 0-9)\n    :param token: token=\\\"refresh2\\\" renews it\n    \"\"\"\n    return make(password, token)",
            "def renew_«n»(api_key):\n    \"\"\"Renew.\n\n    Args:\n        api_key (str): the 32-character key, e.g. ``api_key=\"<key>\"``.\n    \"\"\"\n    return make(api_key)",
            "def read_«n»():\n    \"\"\"Read.\n\n    >>> read_«n»(token=\"tok_4f9a8b2c1d\")\n    3\n    \"\"\"\n    return 3",
            "def curl_«n»():\n    \"\"\"Call as ``curl -H 'Authorization: Bearer $TOKEN' https://api.acme-retail.io/v1``.\"\"\"\n    return 3",
        ],
    ),
    code(
        "comments",
        &[
            "# password: the one of the vault, rotated every 30 days",
            "# api_key = os.environ[\"«WORD»_API_KEY_2\"]",
            "# token = \"<paste it here>\"",
            "# secret: see https://wiki.acme-retail.io/x/Ab3dE9 for v2",
            "# TODO(#4312): client_secret=\"${SECRET_2}\" once the vault is there",
            "# password='changeme1' used to be the default",
        ],
    ),
    code(
        "fragments of CSS and JavaScript",
        &[
            "STYLE_«n» = \"input[type=password]{border:1px solid #d0d5dd;padding:8px 12px}\"",
            "SCRIPT_«n» = 'e.token=function(t){return t.headers[\"X-Token2\"]};n.password=\"\"+r'",
            "SCRIPT_«n» = \"var password=document.getElementById('pw1').value;\"",
            "HTML_«n» = '<input type=\"password\" name=\"password1\" id=\"id_password1\" autocomplete=\"new-password\">'",
            "HTML_«n» = \"<meta name='csrf-token' content='{{ csrf_token }}'>\"",
            "SCRIPT_«n» = 'fetch(u,{headers:{token:\"\"+localStorage.getItem(\"auth_v2\")}})'",
        ],
    ),
    code(
        "JSON schemas",
        &[
            "SCHEMA_«n» = {\"password\": {\"type\": \"string\", \"minLength\": 12}, \"token\": {\"$ref\": \"#/definitions/Token2\"}}",
            "FIELDS_«n» = {\"api_key\": \"string(64)\", \"password\": \"str?\", \"client_secret\": \"text[0..32]\"}",
            "TYPES_«n» = {\"api_key\": \"varchar(64)\", \"password\": \"char(60)\", \"token\": \"uuid\", \"secret\": \"bytea\"}",
            "SCHEMA_«n» = {\"password\": {\"writeOnly\": True, \"format\": \"password\"}, \"required\": [\"password\", \"token\"]}",
            "SPEC_«n» = dict(password=dict(type=\"str\", no_log=True), api_key=dict(type=\"str\", aliases=[\"key2\"], no_log=True))",
            "UI_«n» = {\"password\": \"password-input-2\", \"token\": {\"label\": \"Token (v2)\"}}",
        ],
    ),
    code(
        "calls whose names hold the word",
        &[
            "reset_«n» = reverse(\"password_reset_confirm\", kwargs={\"uidb64\": \"uid1\", \"token\": \"set-password\"})",
            "path_«n» = path(\"token/refresh/v2/\", TokenRefreshView.as_view(), name=\"token_refresh\")",
            "validator_«n» = validate(\"password\", \"required|min:12|regex:/[0-9]/\")",
            "rules_«n» = [(\"password\", \"min:12|confirmed\"), (\"token\", \"size:40\")]",
            "widget_«n» = forms.CharField(label=\"Password (again)\", widget=forms.PasswordInput(attrs={\"id\": \"pw2\"}))",
            "page_«n» = session.post(url, data={\"csrf_token\": token, \"password\": password}, headers={\"x-token\": token})",
            "found_«n» = tree.find(\"input\", {\"name\": \"password_2\"}) or tree.find(id=\"api-token-v2\")",
            "mask_«n» = {\"password\": \"s/./*/g\", \"api_key\": \"first:4\"}",
        ],
    ),
    code(
        "lists of names",
        &[
            "SENSITIVE_«n» = [\"password\", \"api_key2\", \"x-auth-token-v2\", \"client_secret\"]",
            "RENAMED_«n» = {\"password\": \"passwd2\", \"token\": \"auth_token_v3\", \"api_key\": \"apiKey2\"}",
            "COLUMNS_«n» = {\"api_key\": \"ApiKeyV2\", \"secret\": \"client_secret_2\"}",
        ],
    ),
    code(
        "grammar",
        &[
            "def next_«n»(token):\n    if token == \"</script>\" or token == \"0x1F\":\n        return 3\n    if token == \"utf8mb4_bin\":\n        return 4",
            "def kind_«n»(token):\n    return token in (\"int64_t\", \"uint32_t\") or token == \"vec3<f32>\"",
            "TOKENS_«n» = [(\"NUMBER\", r\"\\d+(\\.\\d*)?\"), (\"token\", r\"[A-Z_a-z]\\w*\")]",
            "if token == \"text/html;q=0.8\" or token == \"ISO-8859-15\":\n    raise Refused",
            "while token != \"end_of_file\" and token.kind == \"keyword2\":\n    token = lexer.get()",
            "if token == \"async\" or token == \"__future__\" or token == \"<<=\":\n    raise Refused",
            "def name_«n»(token):\n    return {\"lparen\": 1, \"utf-8-sig\": 2}.get(token) or token == \"#bygroup\"",
        ],
    ),
    code(
        "keys of blocks that are public",
        &[
            "PUBLIC_«n» = \"\"\"-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A«b64 32»\n«b64 64»\n-----END PUBLIC KEY-----\n\"\"\"",
            "CA_«n» = \"\"\"-----BEGIN CERTIFICATE-----\nMIID«b64 60»\n«b64 64»\n-----END CERTIFICATE-----\n\"\"\"",
            "def is_pem_«n»(text):\n    return text.startswith(\"-----BEGIN RSA PRIVATE KEY-----\")",
            "PEM_«n» = \"-----BEGIN \" + kind + \" PRIVATE KEY-----\\n\" + body",
            "HEADER_«n» = \"-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----\"",
        ],
    ),
];

const fn code(name: &'static str, templates: &'static [&'static str]) -> Code {
    Code { name, templates }
}
