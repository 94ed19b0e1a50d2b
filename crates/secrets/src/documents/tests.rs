//! For each syntax what must be found, as the exact text of the spans, and what must stay silent.

use super::*;
use crate::{Confidence, Place, judge_all};

fn found(text: &str, kind: DocumentKind) -> Vec<&str> {
    let mut found = scan_document(text, kind);
    found.retain(|it| it.confidence > Confidence::Low);
    found.into_iter().map(|it| &text[it.span]).collect()
}

/// Every text with the spans that are found in it.
fn check(kind: DocumentKind, table: &[(&str, &[&str])]) {
    let mut faults = Vec::new();
    for (text, expected) in table {
        let found = found(text, kind);
        if found != *expected {
            faults.push(format!("{text}\n  gives {found:?}\n  not   {expected:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn env_files() {
    check(
        DocumentKind::Env,
        &[
            ("DB_PASSWORD=Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("export API_KEY=\"k6QaiQmcTm2zfaNns5L1\"\n", &["k6QaiQmcTm2zfaNns5L1"]),
            ("  SECRET_KEY = 'Vq7#xLm2pR9w' # rotate\r\nX=1", &["Vq7#xLm2pR9w"]),
            ("SMTP_PASS=Vq7#xLm2pR # comment", &["Vq7#xLm2pR"]),
            ("A=1\nAUTH_TOKEN=\"first\n\"\nDB_PASSWORD=Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("DB_PASSWORD=${DB_PASSWORD:-Vq7xLm2pR9}", &["Vq7xLm2pR9"]),
            ("URL=postgres://app:Vq7xLm2pR9@db.acme.io/x", &["Vq7xLm2pR9"]),
            ("DSN=\"host=db user=app password=Vq7xLm2pR9 port=1\"", &["Vq7xLm2pR9"]),
            (r#"CONFIG='{"user": "a", "password": "Vq7xLm2pR9"}'"#, &["Vq7xLm2pR9"]),
            (r#"CONFIG="{\"password\": \"Vq7xLm2pR9\"}""#, &["Vq7xLm2pR9"]),
            ("#DB_PASSWORD=Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("# export DB_PASSWORD='Vq7xLm2pR9'", &["Vq7xLm2pR9"]),
            ("password=Vq7xLm2pR9\npassword=Wq7xLm2pR9", &["Vq7xLm2pR9", "Wq7xLm2pR9"]),
            ("DB_PASSWORD=", &[]),
            ("DB_PASSWORD=\"\"", &[]),
            ("DB_PASSWORD= # none", &[]),
            ("DB_PASSWORD=${OTHER}", &[]),
            ("DB_PASSWORD=$OTHER_1", &[]),
            ("DB_PASSWORD=${A:-${B}}", &[]),
            ("DB_PASSWORD_FILE=/run/secrets/db_password1", &[]),
            ("DB_PASSWORD=changeme", &[]),
            ("API_KEY=your-api-key-here", &[]),
            ("# DB_PASSWORD=secretword", &[]),
            ("# the password: see the wiki, page 12", &[]),
            ("TOKEN_URL=https://login.acme.io/oauth2/token7", &[]),
            ("PASSWORD_MIN_LENGTH=12", &[]),
            ("SECRET=true", &[]),
        ],
    );
}

#[test]
fn yaml_scalars_and_collections() {
    check(
        DocumentKind::Yaml,
        &[
            ("db:\n  password: Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("db: {user: app, password: Vq7xLm2pR9}", &["Vq7xLm2pR9"]),
            ("db: { user: app,\n  password: 'Vq7xLm2pR9'\n}\ntoken: x", &["Vq7xLm2pR9"]),
            ("\"api_key\": \"Vq7xLm2pR9wKt4\" # old", &["Vq7xLm2pR9wKt4"]),
            ("password: Vq7#xLm2pR9 # the old one", &["Vq7#xLm2pR9"]),
            ("password: &pw Vq7xLm2pR9\nother: *pw", &["Vq7xLm2pR9"]),
            ("password: !!str Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("password: >-\n  Vq7xLm2pR9\nnext: 1", &["Vq7xLm2pR9"]),
            ("app.ini: |\n  [db]\n  password = Vq7xLm2pR9\n  x = 1\n", &["Vq7xLm2pR9"]),
            (".env: |\n  DB_PASSWORD=Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("c.json: |\n  {\n    \"password\": \"Vq7xLm2pR9\"\n  }\n", &["Vq7xLm2pR9"]),
            ("app.yaml: |\n  db:\n    password: Vq7xLm2pR9\n  x: 1\nz: 2", &["Vq7xLm2pR9"]),
            ("- run: |\n    export TOKEN=Vq7xLm2pR9wKt4\n    make\n", &["Vq7xLm2pR9wKt4"]),
            ("script:\n  - |\n    mysql -pVq7xLm2pR9 x\n    make\n", &["Vq7xLm2pR9"]),
            ("script:\n  - curl -u me:Vq7xLm2pR9 https://a.io\n", &["Vq7xLm2pR9"]),
            ("env:\n  - name: DB_PASSWORD\n    value: Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("env:\n- value: \"Vq7xLm2pR9\"\n  name: DB_PASSWORD\n", &["Vq7xLm2pR9"]),
            ("env: [{name: DB_PASSWORD, value: Vq7xLm2pR9}]", &["Vq7xLm2pR9"]),
            ("environment:\n  - DB_PASSWORD=Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("environment:\n  - \"DB_PASSWORD=Vq7xLm2pR9\"\n", &["Vq7xLm2pR9"]),
            ("environment:\n  DB_PASSWORD: ${PW:-Vq7xLm2pR9}\n", &["Vq7xLm2pR9"]),
            ("args: [\"--password=Vq7xLm2pR9\", -v]", &["Vq7xLm2pR9"]),
            ("command: redis-server --requirepass Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("password:\n  value: Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("api:\n  key: Vq7xLm2pR9wKt4\n", &["Vq7xLm2pR9wKt4"]),
            ("DbPassword:\n  Type: String\n  Default: Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("# password: Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("a: 1\n---\npassword: Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("{{- if .Values.x }}\npassword: Vq7xLm2pR9\n{{- end }}\n", &["Vq7xLm2pR9"]),
            ("a: [1\npassword: Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("a: 'it\npassword: Vq7xLm2pR9\nb: it's\n", &["Vq7xLm2pR9"]),
            ("steps:\n  - run: PGPASSWORD=Vq7xLm2pR9 psql -h db\n", &["Vq7xLm2pR9"]),
            ("tokens:\n  - 09fe71d24d6b0e5d\n  - mailbox\n", &["09fe71d24d6b0e5d"]),
            ("MAIL_PASS: Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("MYSQL_ALLOW_EMPTY_PASSWORD: 'true'\nhashed_token: Vq7xLm2pR9wKt4\n", &[]),
            ("password: \"Vq7xLm\n  2pR9\"\n", &[]),
            ("password: *other", &[]),
            ("password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  61326234\nx: 1\n", &[]),
            ("password: |\n  $ANSIBLE_VAULT;1.1;AES256\n  6132623412345678\nx: 1\n", &[]),
            ("password: !Ref DbPassword7", &[]),
            ("password: !Sub '${A}-x7'", &[]),
            ("password: {{ .Values.password7 }}", &[]),
            ("password: \"{{ lookup('env', 'PW7') }}\"", &[]),
            ("password: {{ .Values.db.pass | quote }}\nx: 1", &[]),
            ("password: '{{resolve:secretsmanager:a:b}}'", &[]),
            ("with:\n  token: ${{ secrets.GITHUB_TOKEN }}\n", &[]),
            ("password: $DB_PASSWORD", &[]),
            ("password: ENC(Vq7xLm2pR9wKt4)", &[]),
            ("password: '{cipher}Vq7xLm2pR9wKt4'", &[]),
            ("password: ENC[AES256_GCM,data:Vq7x,iv:x]", &[]),
            ("password: true\ntoken: null\nsecret: ~", &[]),
            (
                "password:\n  valueFrom:\n    secretKeyRef:\n      name: app7\n      key: pw9x1\n",
                &[],
            ),
            ("existingSecret: app-7fk2x9", &[]),
            ("secretName: app-7fk2x9", &[]),
            ("password: string", &[]),
            ("passwords: [a, b]", &[]),
            ("description: |\n  Set the token: it is 12 characters\n  password: see above\n", &[]),
            ("permissions:\n  id-token: write\nsecrets: inherit\n", &[]),
            ("image: registry.acme.io/token:1.2.3", &[]),
            ("- hosts: all\n  tasks:\n  - name: Set password\n    value: Abcdefg1\n", &[]),
        ],
    );
}

#[test]
fn kubernetes_manifests() {
    check(
        DocumentKind::Yaml,
        &[
            // Base64 of `Vq7xLm2pR9`, of `changeme` and of `app`.
            (
                "data:\n  password: VnE3eExtMnBSOQ==\n  user: YXBw\nkind: Secret\n",
                &["VnE3eExtMnBSOQ=="],
            ),
            ("kind: Secret\ndata:\n  password: \"Y2hhbmdlbWU=\"\n", &[]),
            ("kind: Secret\nstringData:\n  password: Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            (
                "kind: ConfigMap\ndata:\n  x: y\n---\nkind: 'Secret'\ndata:\n  token: VnE3eExtMnBSOQ==\n",
                &["VnE3eExtMnBSOQ=="],
            ),
            (
                "kind: List\nitems:\n- kind: Secret\n  data:\n    password: VnE3eExtMnBSOQ==\n",
                &["VnE3eExtMnBSOQ=="],
            ),
            // Base64 of `{"password": "Vq7xLm2pR9"}`.
            (
                "kind: Secret\ndata:\n  config.json: eyJwYXNzd29yZCI6ICJWcTd4TG0ycFI5In0=\n",
                &["eyJwYXNzd29yZCI6ICJWcTd4TG0ycFI5In0="],
            ),
            ("kind: SealedSecret\nspec:\n  encryptedData:\n    password: AgBy3i4OJSWK9x\n", &[]),
            ("password: Vq7xLm2pR9\nsops:\n  mac: x\n", &[]),
        ],
    );
    check(
        DocumentKind::Json,
        &[(
            r#"{"kind": "Secret", "data": {"password": "VnE3eExtMnBSOQ=="}}"#,
            &["VnE3eExtMnBSOQ=="],
        )],
    );
}

#[test]
fn toml_files() {
    check(
        DocumentKind::Toml,
        &[
            ("[db]\npassword = \"Vq7xLm2pR9\"\n", &["Vq7xLm2pR9"]),
            ("password = 'Vq7\\xLm2pR9' # c", &["Vq7\\xLm2pR9"]),
            ("db.password=\"Vq7xLm2pR9\"", &["Vq7xLm2pR9"]),
            ("\"api key\".\"api_key\" = \"Vq7xLm2pR9wKt4\"", &["Vq7xLm2pR9wKt4"]),
            ("password = \"\"\"\nVq7xLm2pR9\"\"\"\nx = 1", &["Vq7xLm2pR9"]),
            ("password = '''Vq7xLm2pR9'''", &["Vq7xLm2pR9"]),
            ("db = { user = \"a\", password = \"Vq7xLm2pR9\" }", &["Vq7xLm2pR9"]),
            ("x = [\n  { token = \"Vq7xLm2pR9wKt4\" }, # c\n]\n", &["Vq7xLm2pR9wKt4"]),
            ("[[users]]\ntoken = \"Vq7xLm2pR9wKt4\"\n", &["Vq7xLm2pR9wKt4"]),
            ("[api]\nkey = \"Vq7xLm2pR9wKt4\"\n", &["Vq7xLm2pR9wKt4"]),
            ("# password = \"Vq7xLm2pR9\"", &["Vq7xLm2pR9"]),
            ("a = [\n\"x\npassword = \"Vq7xLm2pR9\"", &["Vq7xLm2pR9"]),
            ("password = {{ password }}\n", &[]),
            ("password = \"\"\n", &[]),
            ("password = \"${PASSWORD}\"\n", &[]),
            ("text = \"\"\"\npassword = '{{ x }}'\n\"\"\"", &[]),
            ("[tool.x]\ntoken = \"mailbox\"\npassword_hash = \"Vq7xLm2pR9\"", &[]),
        ],
    );
}

#[test]
fn json_files() {
    check(
        DocumentKind::Json,
        &[
            (r#"{"db": {"password": "Vq7xLm2pR9"}}"#, &["Vq7xLm2pR9"]),
            ("{\n // c: \"x\n \"token\" : \"Vq7xLm2pR9wKt4\",\n}", &["Vq7xLm2pR9wKt4"]),
            (r#"[{"name": "DB_PASSWORD", "value": "Vq7xLm2pR9"}]"#, &["Vq7xLm2pR9"]),
            (r#"[{"value": "Vq7xLm2pR9", "type": 1, "key": "password"}]"#, &["Vq7xLm2pR9"]),
            (r#"{"password": {"type": "string", "default": "Vq7xLm2pR9"}}"#, &["Vq7xLm2pR9"]),
            (r#"{"body": "{\"password\": \"Vq7xLm2pR9\"}"}"#, &["Vq7xLm2pR9"]),
            (r#"{"env": ["DB_PASSWORD=Vq7xLm2pR9"]}"#, &["Vq7xLm2pR9"]),
            (
                r#"{"url": "https://a.io/?api_key=k6QaiQmcTm2zfaNns5L1&x=1"}"#,
                &["k6QaiQmcTm2zfaNns5L1"],
            ),
            (r#"{"dsn": "Server=db;User Id=app;Password=Vq7xLm2pR9;"}"#, &["Vq7xLm2pR9"]),
            ("{password: 'Vq7xLm2pR9'}", &["Vq7xLm2pR9"]),
            ("{\"a\": \"x\n\"password\": \"Vq7xLm2pR9\"}", &["Vq7xLm2pR9"]),
            ("{\"password\": \"Vq7xLm2pR9\"", &["Vq7xLm2pR9"]),
            ("} ] {\"password\": \"Vq7xLm2pR9\"}", &["Vq7xLm2pR9"]),
            // Base64 of `me:Vq7xLm2pR9`.
            (r#"{"auths": {"a.io": {"auth": "bWU6VnE3eExtMnBSOQ=="}}}"#, &["bWU6VnE3eExtMnBSOQ=="]),
            (r#"{"password": null, "token": 12345678}"#, &[]),
            (r#"{"password": "", "token": "{{token}}"}"#, &[]),
            (r#"{"sha512": "Vq7xLm2pR9", "token_type": "Bearer7x9"}"#, &[]),
            (r#"{"password": {"type": "string", "minLength": 8}}"#, &[]),
            (r#"{"password": ["Vq7xLm2pR9"]}"#, &[]),
            (r#"{"name": "password", "in": "query", "value": "secret"}"#, &[]),
            (r#"{"description": "The password: at least 8 characters"}"#, &[]),
        ],
    );
}

#[test]
fn ini_and_properties_files() {
    check(
        DocumentKind::Ini,
        &[
            ("[db]\npassword = Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("password: Vq7=xLm2pR9", &["Vq7=xLm2pR9"]),
            ("password = \"Vq7 xLm2pR9\"", &[]),
            ("password = \"Vq7xLm2pR9\" ; c", &["Vq7xLm2pR9"]),
            ("password = Vq7xLm2pR9 ; c", &["Vq7xLm2pR9"]),
            ("; password = Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("requirepass Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("[pypi]\nusername = a\npassword = Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("[global]\nindex-url = https://ci:Vq7xLm2pR9@pypi.acme.io/simple", &["Vq7xLm2pR9"]),
            ("sqlalchemy.url = mysql://app:Vq7xLm2pR9@db.acme.io/x", &["Vq7xLm2pR9"]),
            ("authorization { user: me, password: Vq7xLm2pR9 }", &["Vq7xLm2pR9"]),
            ("password = %(password)s", &[]),
            ("password = os.environ.get(x)", &[]),
            ("password =\nuser = Vq7xLm2pR9", &[]),
            ("Please set the password: Abc12345 or so", &[]),
            ("ssl_certificate_key /etc/ssl/key7.pem;", &[]),
        ],
    );
    check(
        DocumentKind::Properties,
        &[
            ("spring.datasource.password=Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("api.key = Vq7xLm2pR9wKt4", &["Vq7xLm2pR9wKt4"]),
            ("db.password: Vq7#xLm2pR9", &["Vq7#xLm2pR9"]),
            ("//npm.acme.io/:_authToken=Vq7xLm2pR9wKt4Bn", &["Vq7xLm2pR9wKt4Bn"]),
            ("//npm.acme.io:8080/:_password=VnE3eExtMnBSOQ==", &["VnE3eExtMnBSOQ=="]),
            ("! db.password=Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("db.password=Vq7xLm2pR9\\\n  x\n", &["Vq7xLm2pR9"]),
            ("//npm.acme.io/:_authToken=${NPM_TOKEN}", &[]),
            ("db.password=${DB_PASSWORD}", &[]),
            ("db.password=ENC(Vq7xLm2pR9wKt4)", &[]),
            ("error.password=The password is wrong", &[]),
        ],
    );
}

#[test]
fn dockerfiles() {
    check(
        DocumentKind::Dockerfile,
        &[
            ("FROM a\nENV DB_PASSWORD=Vq7xLm2pR9 X=1", &["Vq7xLm2pR9"]),
            ("ENV X=1 \\\n    API_KEY=\"Vq7xLm2pR9wKt4\" \\\n\n # c\n    Y=2", &["Vq7xLm2pR9wKt4"]),
            ("ENV DB_PASSWORD Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("arg token=Vq7xLm2pR9wKt4", &["Vq7xLm2pR9wKt4"]),
            ("LABEL token='Vq7xLm2pR9wKt4'", &["Vq7xLm2pR9wKt4"]),
            ("RUN export PASSWORD=Vq7xLm2pR9 && make", &["Vq7xLm2pR9"]),
            ("RUN make && \\\n  curl -u me:Vq7xLm2pR9 https://a.io", &["Vq7xLm2pR9"]),
            ("RUN <<EOF\nexport PASSWORD=Vq7xLm2pR9\nEOF\nENV X=1", &["Vq7xLm2pR9"]),
            ("COPY <<EOF /app.ini\npassword = Vq7xLm2pR9\nEOF\n", &["Vq7xLm2pR9"]),
            ("CMD [\"app\", \"--password=Vq7xLm2pR9\"]", &["Vq7xLm2pR9"]),
            ("ARG TOKEN\nENV TOKEN=$TOKEN", &[]),
            ("ENV TOKEN ${TOKEN}", &[]),
            ("RUN --mount=type=secret,id=token7 cat /run/secrets/token7", &[]),
            ("ENV PASSWORD_FILE=/run/secrets/pw7x9", &[]),
        ],
    );
}

#[test]
fn shell_scripts_and_netrc() {
    check(
        DocumentKind::Shell,
        &[
            ("export DB_PASSWORD=Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("DB_PASSWORD='Vq7xLm2pR9'; make", &["Vq7xLm2pR9"]),
            ("PGPASSWORD=\"Vq7xLm2pR9\" psql -h db", &["Vq7xLm2pR9"]),
            ("app --password=Vq7xLm2pR9 --x", &["Vq7xLm2pR9"]),
            ("app --password Vq7xLm2pR9 --x", &["Vq7xLm2pR9"]),
            ("docker run -e DB_PASSWORD=Vq7xLm2pR9 a", &["Vq7xLm2pR9"]),
            ("docker run -e \"DB_PASSWORD=Vq7xLm2pR9\" a", &["Vq7xLm2pR9"]),
            ("docker login -u me -p Vq7xLm2pR9 a.io", &["Vq7xLm2pR9"]),
            ("mysqldump -u root -pVq7xLm2pR9 db", &["Vq7xLm2pR9"]),
            ("sshpass -p 'Vq7xLm2pR9' ssh a", &["Vq7xLm2pR9"]),
            ("sshpass -pVq7xLm2pR9 ssh a", &["Vq7xLm2pR9"]),
            ("curl -s --user \"me:Vq7xLm2pR9\" https://a.io", &["Vq7xLm2pR9"]),
            ("curl -H 'X-API-Key: Vq7xLm2pR9wKt4Bn8sDf' https://a.io", &["Vq7xLm2pR9wKt4Bn8sDf"]),
            ("curl -d '{\"password\": \"Vq7xLm2pR9\"}' https://a.io", &["Vq7xLm2pR9"]),
            ("PW=${DB_PASSWORD:-x}\nDB_PASSWORD=${DB_PASSWORD:-Vq7xLm2pR9}", &["Vq7xLm2pR9"]),
            ("cat > .env <<EOF\nDB_PASSWORD=Vq7xLm2pR9\nEOF\nls", &["Vq7xLm2pR9"]),
            ("cat <<'E' > a.yml\n  password: Vq7xLm2pR9\nE\n", &["Vq7xLm2pR9"]),
            ("# PASSWORD=Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("PASSWORD=$(cat pw7x9)", &[]),
            ("PASSWORD=\"$1\"", &[]),
            ("PASSWORD=`pw7x9`", &[]),
            ("PASSWORD=\"pre$db_pw7x9\"", &[]),
            ("mysql -p$PW db7x9", &[]),
            ("mysql -p db7x9prod", &[]),
            ("mkdir -p Vq7xLm2pR9", &[]),
            ("ssh -p 2222abcd1x host", &[]),
            ("curl -u \"$USER:$PW\" https://a.io", &[]),
            ("curl -u user:password https://a.io", &[]),
            ("read -s -p \"Password: \" PASSWORD", &[]),
            ("[ \"$TOKEN\" == \"Vq7xLm2pR9wKt4\" ]", &[]),
            ("app --password-file pw7x9q --token-url a7x9q", &[]),
        ],
    );
    check(
        DocumentKind::Netrc,
        &[
            ("machine a.io login me password Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("machine a.io\n  login me\n  password Vq7xLm2pR9\n", &["Vq7xLm2pR9"]),
            ("default login me password \"Vq7xLm2pR9\"", &["Vq7xLm2pR9"]),
            ("machine a.io login password password Vq7xLm2pR9", &["Vq7xLm2pR9"]),
            ("machine www.example.com login me password Vq7xLm2pR9", &[]),
            ("macdef init\npassword Vq7xLm2pR9\n\n", &[]),
            ("# password Vq7xLm2pR9\nmachine a.io login x password changeme", &[]),
        ],
    );
    check(DocumentKind::Text, &[("password = Vq7xLm2pR9", &[])]);
}

#[test]
fn a_long_line_is_left_to_the_formats() {
    let padding = "x".repeat(70_000);
    let text = format!("a=\"{padding}\" password=Vq7xLm2pR9\npassword=Wq7xLm2pR9\n");
    assert_eq!(found(&text, DocumentKind::Env), ["Wq7xLm2pR9"]);
    let one_line = format!("{{\"a\": \"{padding}\", \"password\": \"Vq7xLm2pR9\"}}");
    assert!(found(&one_line, DocumentKind::Json).is_empty());
    let answer = "\\\"password\\\": \\\"Vq7xLm2pR9\\\", ".repeat(3000);
    let recorded = format!("{{\"a\": \"{answer}\",\n\"password\": \"Wq7xLm2pR9\"}}");
    assert_eq!(found(&recorded, DocumentKind::Json), ["Wq7xLm2pR9"]);
    let open = format!("{{\"a\": '{answer}\n\"password\": \"Wq7xLm2pR9\"}}");
    assert_eq!(found(&open, DocumentKind::Json), ["Wq7xLm2pR9"]);
}

#[test]
fn a_fabricated_token_is_not_judged_by_its_name() {
    // The form of GitHub's tokens with a checksum that does not hold.
    let token = ["gh", "p_q8Zk2vLp9sRt4wXy7bNcQ3mT6hVf1JdKa5Ge"].concat();
    for kind in [DocumentKind::Env, DocumentKind::Shell, DocumentKind::Properties] {
        assert!(found(&format!("API_TOKEN={token}\n"), kind).is_empty(), "{kind:?}");
    }
}

#[test]
fn texts_within_a_literal_give_all_their_pairs() {
    let pairs = |text: &str| -> Vec<String> {
        let mut found = judge_all(&Place::Unbound, text);
        found.retain(|it| it.confidence > Confidence::Low);
        found.into_iter().map(|it| text[it.span].to_owned()).collect()
    };
    for (text, expected) in [
        (
            r#"{"password": "Vq7xLm2pR9", "token": "Wq7xLm2pR9wKt4"}"#,
            &["Vq7xLm2pR9", "Wq7xLm2pR9wKt4"][..],
        ),
        (r#"{\"a\": \"{\\\"password\\\": \\\"Vq7xLm2pR9\\\"}\"}"#, &["Vq7xLm2pR9"]),
        (r"[db]\npassword = Vq7xLm2pR9\nx = 1", &["Vq7xLm2pR9"]),
        (r"x\ntoken=Vq7xLm2pR9wKt4Bn8sDf\r\n", &["Vq7xLm2pR9wKt4Bn8sDf"]),
        ("host=db user=app password=Vq7xLm2pR9", &["Vq7xLm2pR9"]),
        ("Server=db;Uid=app;Pwd=Vq7xLm2pR9;", &["Vq7xLm2pR9"]),
        ("lang=en; sessionid=k6qaiqmctm2zfanns5l1z8; path=/", &["k6qaiqmctm2zfanns5l1z8"]),
        ("https://a.io/v1?page=2&api_key=k6QaiQmcTm2zfaNns5L1", &["k6QaiQmcTm2zfaNns5L1"]),
        ("X-API-Key: Vq7xLm2pR9wKt4Bn8sDf", &["Vq7xLm2pR9wKt4Bn8sDf"]),
        (r#"curl -H \"X-API-Key: Vq7xLm2pR9wKt4Bn8sDf\" https://a.io"#, &["Vq7xLm2pR9wKt4Bn8sDf"]),
        ("curl -X POST -u me:Vq7xLm2pR9 https://a.io", &["Vq7xLm2pR9"]),
        ("curl --data password=Vq7xLm2pR9 https://a.io", &["Vq7xLm2pR9"]),
        ("config['password'] = 'Vq7xLm2pR9'", &["Vq7xLm2pR9"]),
        ("CREATE USER a WITH PASSWORD 'Vq7xLm2pR9'", &["Vq7xLm2pR9"]),
        (r#"ALTER USER a IDENTIFIED BY \"Vq7xLm2pR9\""#, &["Vq7xLm2pR9"]),
        (
            r#"{"tokens":["09fe71d24d6b0e5d","d331b04eaac80a55"]}"#,
            &["09fe71d24d6b0e5d", "d331b04eaac80a55"],
        ),
        ("app.sid=s%3AAdrzQVKGspMPjfcX9K42AHJ5; Path=/", &["s%3AAdrzQVKGspMPjfcX9K42AHJ5"]),
        ("access_token=h480djs93hd8", &[]),
        ("https://example.com/x?api_key=k6QaiQmcTm2zfaNns5L1", &[]),
        ("--set-secrets=ENV=mysecret:latest1234567", &[]),
        (r#"{"tokens": ["hello", "world"], "keys": ["aB3dE6gH9kLm2nOp5"]}"#, &[]),
        ("Invalid password: got 12 characters", &[]),
        ("password=password1", &[]),
        ("token: str = None", &[]),
        ("token: oauth2", &[]),
        ("password={password2}&x", &[]),
        ("secret=get_secret2()", &[]),
        ("api_key=self.config.api_key2", &[]),
        ("the token: abcdef12 was wrong", &[]),
        ("SELECT * FROM t WHERE token = %s AND x = 1", &[]),
        ("password=:password1", &[]),
        ("mkdir -p a7x9q2 -u b:c7x9q2", &[]),
        ("https://a.io/token=/x", &[]),
    ] {
        assert_eq!(pairs(text), expected, "{text}");
    }
}

/// Spans lie in the text, in order, apart, on the boundaries of characters, whatever the text.
#[test]
fn spans_hold_on_broken_texts() {
    let samples = [
        "a: &x !!str \"ünï\" # ö\n- {name: DB_PASSWORD, value: 'Vq7ßxLm2pR9'}\n- |\n  token=Vq7é2pR9wKt4\n",
        "{\"pässword\": \"Vq7xLm2pRü9\", \"token\": [\"x=\\\"\", {\"key\": 'é', /* ü */ \"value\": \"a\\",
        "export DB_PASSWORD=\"Vq7ü\n2pR9\"\nX=${PASSWORD:-Vq7ö2pR9} curl -u é:Vq7xLm2pR9 -pü\ncat <<EOF\nä\nEOF\n",
        "[[a.\"ü\"]]\npassword = '''Vq7é2pR9'''\nx = { token = \"Vq7ö2pR9wKt4\", y = [\"ü\",\n",
        "ENV ü=é DB_PASSWORD=Vq7ü2pR9 \\\n X='é\nRUN <<E\nü\n//ü/:_password=VnE3eExtMnBSOQ==\nmachine ü password é7x9q2\n",
    ];
    let kinds = [
        DocumentKind::Env,
        DocumentKind::Yaml,
        DocumentKind::Toml,
        DocumentKind::Json,
        DocumentKind::Ini,
        DocumentKind::Properties,
        DocumentKind::Dockerfile,
        DocumentKind::Shell,
        DocumentKind::Netrc,
        DocumentKind::Text,
    ];
    let mut state = 11u64;
    let mut below = |limit: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    let signs = [
        '"', '\'', '\\', '\n', ':', '=', '{', '[', ']', '}', '-', ' ', '#', '|', '$', 'é', '<',
        '`', '\r', '\t',
    ];
    for round in 0..4000 {
        let sample = samples[round % samples.len()];
        let mut text: Vec<char> = sample.chars().collect();
        text.truncate(1 + below(text.len()));
        for _ in 0..below(12) {
            let at = below(text.len());
            match below(3) {
                0 => text[at] = signs[below(signs.len())],
                1 => text.insert(at, signs[below(signs.len())]),
                _ => {
                    text.remove(at);
                    text.push(signs[below(signs.len())]);
                }
            }
        }
        let text: String = text.into_iter().collect();
        for kind in kinds {
            let mut end = 0;
            for secret in scan_document(&text, kind) {
                assert!(secret.span.start >= end && secret.span.start < secret.span.end);
                assert!(text.get(secret.span.clone()).is_some(), "{kind:?}: {text}");
                end = secret.span.end;
            }
        }
        for secret in judge_all(&Place::Unbound, &text) {
            assert!(text.get(secret.span).is_some());
        }
    }
}

/// What grows without closing must not be read again and again: a quadratic reader would take minutes here.
#[test]
fn work_is_linear() {
    let size = 200_000;
    for unit in [
        "a: [\n",
        "a: '\n",
        "a = [\n",
        "{\"a\":",
        "[",
        "x <<E\n",
        "- - ",
        "a: |\n ",
        "password=\"",
        "\\\"",
        "token: ",
        "-p ",
        "a: \"\\",
    ] {
        let text = unit.repeat(size / unit.len());
        for kind in [
            DocumentKind::Yaml,
            DocumentKind::Toml,
            DocumentKind::Json,
            DocumentKind::Shell,
            DocumentKind::Env,
            DocumentKind::Dockerfile,
            DocumentKind::Ini,
        ] {
            assert!(scan_document(&text, kind).is_empty(), "{kind:?}");
        }
        assert!(judge_all(&Place::Unbound, &text).is_empty());
    }
}
