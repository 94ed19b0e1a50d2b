//! The ways in which Python source binds a name to a text.

use super::secrets::Shape;
use Shape::{Block, Header, Token, Typed, Whole, Word};

/// One way to write a value.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) accepts: &'static [Shape],
    /// The value and its name are gaps of it.
    pub(crate) template: &'static str,
}

const SHORT: &[Shape] = &[Word, Token, Typed];
const LINE: &[Shape] = &[Word, Token, Typed, Whole];
const ANY: &[Shape] = &[Word, Token, Typed, Whole, Header];
/// Nothing of it means something to the syntax around.
const PLAIN: &[Shape] = &[Word];

pub(crate) const FORMS: &[Form] = &[
    form("assignment", ANY, "«UPPER» = \"«value»\""),
    form(
        "local assignment",
        ANY,
        "def open_«n»():\n    «snake» = '«value»'\n    return connect(«snake»)",
    ),
    form("class attribute", ANY, "class Client«n»:\n    retries = 3\n    «snake» = \"«value»\""),
    form("annotated", LINE, "«UPPER»: Final[str] = \"«value»\""),
    form(
        "dataclass field",
        LINE,
        "@dataclass\nclass Options«n»:\n    region: str\n    «snake»: str = \"«value»\"",
    ),
    form(
        "dictionary",
        ANY,
        "options_«n» = {\n    \"region\": \"eu-west-1\",\n    \"«snake»\": \"«value»\",\n}",
    ),
    form("keyword argument", ANY, "client_«n» = Client(region=\"eu-west-1\", «snake»=\"«value»\")"),
    form(
        "parameter default",
        LINE,
        "def fetch_«n»(url, «snake»=\"«value»\"):\n    return get(url, «snake»)",
    ),
    form(
        "annotated parameter",
        LINE,
        "def send_«n»(body, *, «snake»: str = \"«value»\") -> None:\n    post(body, «snake»)",
    ),
    form(
        "attribute",
        LINE,
        "class Reader«n»:\n    def __init__(self):\n        self.«snake» = \"«value»\"",
    ),
    form("subscript", LINE, "settings[\"«UPPER»\"] = \"«value»\""),
    form("comparison", SHORT, "def allowed_«n»(«snake»):\n    return «snake» == \"«value»\""),
    form(
        "reversed comparison",
        SHORT,
        "def refused_«n»(«snake»):\n    if \"«value»\" != «snake»:\n        raise Refused",
    ),
    form("getenv default", LINE, "«snake»_«n» = os.getenv(\"«UPPER»\", \"«value»\")"),
    form("environ.get default", LINE, "«UPPER» = os.environ.get(\"«UPPER»\", \"«value»\")"),
    form("environ.get or", LINE, "«UPPER» = os.environ.get(\"«UPPER»\") or \"«value»\""),
    form(
        "name or",
        SHORT,
        "def start_«n»(«snake»=None):\n    «snake» = «snake» or \"«value»\"\n    run(«snake»)",
    ),
    form(
        "Field default",
        LINE,
        "class Settings«n»(BaseSettings):\n    «snake»: str = Field(default=\"«value»\", min_length=4)",
    ),
    form("SecretStr", SHORT, "«snake»_«n» = SecretStr(\"«value»\")"),
    form(
        "settings SecretStr",
        SHORT,
        "class Config«n»(BaseSettings):\n    «snake»: SecretStr = SecretStr(\"«value»\")",
    ),
    form(
        "add_argument",
        SHORT,
        "parser.add_argument(\"--«kebab»\", default=\"«value»\", help=\"how to log in\")",
    ),
    form(
        "click option",
        SHORT,
        "@click.option(\"--«kebab»\", default=\"«value»\")\ndef run_«n»(**options):\n    work(options)",
    ),
    form("tuple assignment", SHORT, "user_«n», «snake» = \"svc_reports\", \"«value»\""),
    form("pair", SHORT, "fields_«n» = [(\"grant\", \"client\"), (\"«snake»\", \"«value»\")]"),
    form("bytes", SHORT, "«UPPER» = b\"«value»\""),
    form(
        "encoded",
        SHORT,
        "«snake»_«n» = hmac.new(b\"v1\", digestmod=\"sha256\")\n«UPPER» = \"«value»\".encode(\"utf-8\")",
    ),
    form("b64decode", SHORT, "«UPPER» = base64.b64decode(\"«base64»\").decode()"),
    form("raw string", LINE, "«snake»_«n» = r\"«value»\""),
    form(
        "f-string URL",
        PLAIN,
        "engine_«n» = create_engine(f\"postgresql://«service»:«value»@{host}.acme.io/{name}\")",
    ),
    form("comment", SHORT, "# «UPPER» = \"«value»\""),
    form("trailing comment", SHORT, "client_«n» = Client()  # «snake»=\"«value»\""),
    form(
        "docstring",
        SHORT,
        "def login_«n»():\n    \"\"\"Log in to the store.\n\n    The service account has «snake»=\"«value»\".\n    \"\"\"\n    return session()",
    ),
    form("implicit concatenation", LINE, "«UPPER» = (\n    \"«head»\"\n    \"«tail»\"\n)"),
    form(
        "JSON in a string",
        SHORT,
        "payload_«n» = '{\"user\": \"svc\", \"«camel»\": \"«value»\"}'",
    ),
    form(
        "INI in a string",
        SHORT,
        "DEFAULTS_«n» = \"\"\"\n[client]\nregion = eu-west-1\n«snake» = «value»\n\"\"\"",
    ),
    form(
        "curl in a string",
        &[Word, Token],
        "run(\"curl -sS -H '«Header»: «value»' https://api.acme-retail.io/v1/«service»\", shell=True)",
    ),
    form(
        "curl with a bearer",
        PLAIN,
        "run(\"curl -sS -H 'Authorization: Bearer «value»' https://api.acme-retail.io/v1\", shell=True)",
    ),
    form(
        "DSN",
        SHORT,
        "db_«n» = psycopg2.connect(\"host=db.acme-retail.io user=svc «snake»=«value» dbname=«service»\")",
    ),
    form("cookie", PLAIN, "headers_«n» = {\"Cookie\": \"lang=en; «snake»=«value»; theme=dark\"}"),
    form(
        "query string",
        PLAIN,
        "reply_«n» = get(\"https://api.acme-retail.io/v1/«service»?page=2&«snake»=«value»\")",
    ),
    form(
        "header dictionary",
        SHORT,
        "headers_«n» = {\"Accept\": \"application/json\", \"X-«Header»\": \"«value»\"}",
    ),
    form("authorization header", &[Header], "headers_«n» = {\"Authorization\": \"«value»\"}"),
    form("walrus", SHORT, "if («snake» := \"«value»\") and ready():\n    start(«snake»)"),
    form("conditional", LINE, "«UPPER» = \"«value»\" if stage == \"live\" else read(«n»)"),
    form("setdefault", LINE, "os.environ.setdefault(\"«UPPER»\", \"«value»\")"),
    form("putenv", SHORT, "os.putenv(\"«UPPER»\", \"«value»\")"),
    form("config default", SHORT, "«UPPER» = config(\"«UPPER»\", default=\"«value»\")"),
    form(
        "configparser fallback",
        SHORT,
        "«snake»_«n» = settings.get(\"store\", \"«snake»\", fallback=\"«value»\")",
    ),
    form("dict.get default", SHORT, "«snake»_«n» = options.get(\"«snake»\", \"«value»\")"),
    form("block in triple quotes", &[Block], "«UPPER» = \"\"\"\\\n«block»\n\"\"\""),
    form("block over literals", &[Block], "«UPPER» = (\n    «literals»\n)"),
    form("block in one literal", &[Block], "«UPPER» = \"«escaped»\\n\""),
];

const fn form(name: &'static str, accepts: &'static [Shape], template: &'static str) -> Form {
    Form { name, accepts, template }
}

/// What stands between the snippets of a file, as in any program.
pub(crate) const FILLER: &[&str] = &[
    "logger = logging.getLogger(__name__)",
    "TIMEOUT_«n» = 30",
    "def total_«n»(lines):\n    return sum(line.amount for line in lines)",
    "class Row«n»(NamedTuple):\n    id: int\n    title: str",
    "REGIONS_«n» = [\"eu-west-1\", \"us-east-2\"]",
    "@dataclass\nclass Page«n»:\n    items: list[str]\n    next: str | None = None",
];

pub(crate) const HEADER: &str =
    "\"\"\"Talks to the «service» service.\"\"\"\n\nimport logging\nimport os\n";
