//! Configuration files that speak of credentials and hold none: whole files, as their syntax is what makes them so.

/// A kind of harmless file.
pub(crate) struct Document {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
}

pub(crate) const DOCUMENTS: &[Document] = &[
    document(
        "secretKeyRef",
        "k8s/ref_«n».yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: «service»\nspec:\n  template:\n    spec:\n      imagePullSecrets:\n        - name: registry-pull-2f\n      containers:\n        - name: app\n          env:\n            - name: DB_PASSWORD\n              valueFrom:\n                secretKeyRef:\n                  name: «service»-db-7c\n                  key: db-password-v2\n          envFrom:\n            - secretRef:\n                name: «service»-env-3\n      volumes:\n        - name: tls\n          secret:\n            secretName: «service»-tls-«hex 6»\n",
    ),
    document(
        "sealed secret",
        "k8s/sealed_«n».yaml",
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: «service»\nspec:\n  encryptedData:\n    password: AgBy3i«b64 300»\n    api-key: AgA«b64 300»\n",
    ),
    document(
        "SOPS",
        "secrets/sops_«n».yaml",
        "db_password: ENC[AES256_GCM,data:«b64 24»,iv:«b64 43»=,tag:«b64 22»==,type:str]\napi_key: ENC[AES256_GCM,data:«b64 44»,iv:«b64 43»=,tag:«b64 22»==,type:str]\nsops:\n  kms:\n    - arn: arn:aws:kms:eu-west-1:«digits 12»:key/«uuid»\n      created_at: \"2024-05-01T10:00:00Z\"\n      enc: AQICAHh«b64 150»==\n  age:\n    - recipient: age1«b36 58»\n  lastmodified: \"2024-05-01T10:00:00Z\"\n  mac: ENC[AES256_GCM,data:«b64 80»,iv:«b64 43»=,tag:«b64 22»==,type:str]\n",
    ),
    document(
        "Ansible vault",
        "ansible/vault_«n».yml",
        "---\nansible_user: deploy\ndb_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  «hex 80»\n  «hex 80»\n  «hex 80»\napi_token: \"{{ vault_api_token_2 }}\"\nsudo_pass: \"{{ lookup('hashi_vault', 'secret=kv/data/«service»:pw1') }}\"\n",
    ),
    document(
        "Ansible vault file",
        "ansible/vaulted_«n».yml",
        "$ANSIBLE_VAULT;1.1;AES256\n«hex 80»\n«hex 80»\n«hex 80»\n«hex 80»\n",
    ),
    document(
        "workflow with secrets",
        ".github/workflows/ci_«n».yml",
        "name: ci\non: push\npermissions:\n  id-token: write\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    env:\n      API_TOKEN: ${{ secrets.API_TOKEN_2 }}\n      PASSWORD: ${{ github.token }}\n    steps:\n      - uses: actions/checkout@«hex 40»\n        with:\n          persist-credentials: false\n          token: ${{ secrets.BOT_TOKEN }}\n      - uses: docker/login-action@«hex 40»\n        with:\n          username: ${{ github.actor }}\n          password: ${{ secrets.GITHUB_TOKEN }}\n      - uses: actions/cache@«hex 40»\n        with:\n          key: ${{ runner.os }}-pip-«hex 8»\n",
    ),
    document(
        "Compose with secrets",
        "deploy/c«n»/docker-compose.yml",
        "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/db_password_2\n      POSTGRES_USER: shop\n      API_KEY: ${API_KEY:?set it in .env}\n      JWT_SECRET: ${JWT_SECRET:-}\n      SMTP_PASSWORD:\n    secrets:\n      - db_password_2\nsecrets:\n  db_password_2:\n    external: true\n",
    ),
    document(
        "lock file of npm",
        "web/l«n»/package-lock.json",
        "{\n  \"name\": \"web\",\n  \"lockfileVersion\": 3,\n  \"packages\": {\n    \"node_modules/js-tokens\": {\n      \"version\": \"4.0.0\",\n      \"resolved\": \"https://registry.npmjs.org/js-tokens/-/js-tokens-4.0.0.tgz\",\n      \"integrity\": \"sha512-«b64 86»==\"\n    },\n    \"node_modules/csrf-token\": {\n      \"version\": \"1.2.3\",\n      \"integrity\": \"sha512-«b64 86»==\"\n    }\n  }\n}\n",
    ),
    document(
        "lock file of poetry",
        "services/p«n»/poetry.lock",
        "[[package]]\nname = \"secretstorage\"\nversion = \"3.3.3\"\nfiles = [\n    {file = \"SecretStorage-3.3.3.tar.gz\", hash = \"sha256:«hex 64»\"},\n    {file = \"tokenize_rt-6.0.0.whl\", hash = \"sha256:«hex 64»\"},\n]\n\n[metadata]\ncontent-hash = \"«hex 64»\"\n",
    ),
    document(
        "labels",
        "locales/m«n»/de.json",
        "{\n  \"login\": {\n    \"password\": \"Passwort\",\n    \"forgot_password\": \"Passwort vergessen?\",\n    \"token\": \"Einmal-Code (6 Ziffern)\",\n    \"api_key\": \"API-Schlüssel\",\n    \"client_secret\": \"Geheimer Schlüssel des Clients\"\n  }\n}\n",
    ),
    document(
        "JSON schema",
        "schemas/s«n».json",
        "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"properties\": {\n    \"password\": {\"type\": \"string\", \"minLength\": 12, \"pattern\": \"^[!-~]{12,64}$\"},\n    \"api_key\": {\"$ref\": \"#/$defs/apiKeyV2\"},\n    \"token\": {\"type\": \"string\", \"format\": \"uuid\"}\n  },\n  \"required\": [\"password\", \"api_key\"]\n}\n",
    ),
    document(
        "OpenAPI",
        "api/openapi_«n».yaml",
        "openapi: 3.1.0\ncomponents:\n  securitySchemes:\n    bearer:\n      type: http\n      scheme: bearer\n      bearerFormat: JWT\n    api_key:\n      type: apiKey\n      name: X-Api-Key\n      in: header\n  schemas:\n    Login:\n      properties:\n        password: {type: string, format: password, example: \"hunter-2-lantern\"}\n        token: {type: string, description: \"token of the v2 API\"}\n",
    ),
    document(
        "certificate",
        "certs/ca_«n».pem",
        "-----BEGIN CERTIFICATE-----\nMIID«b64 60»\n«b64 64»\n«b64 64»\n-----END CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----\nMIIBIjAN«b64 56»\n«b64 64»\n-----END PUBLIC KEY-----\n",
    ),
    document(
        "public key",
        "keys/deploy_«n».pub",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI«b64 43» deploy@acme-retail.io\n",
    ),
    document(
        "example of .env",
        "services/x«n»/.env.example",
        "# copy to .env\nDB_PASSWORD=changeme\nAPI_KEY=<your api key>\nSECRET_KEY=\nJWT_SECRET=replace-with-openssl-rand-hex-32\nSTRIPE_KEY=sk_test_...\nDATABASE_URL=postgresql://user:password@localhost:5432/shop\nSENTRY_DSN=https://«hex 32»@o«digits 6».ingest.sentry.io/«digits 7»\n",
    ),
    document(
        ".env of places",
        "services/v«n»/.env",
        "REGION=eu-west-1\nDB_PASSWORD_FILE=/run/secrets/db_password_2\nAPI_TOKEN=${VAULT_API_TOKEN}\nSTRIPE_PUBLISHABLE_KEY=pk_live_«b62 24»\nTOKEN_URL=https://auth.acme-retail.io/oauth2/token\nTOKEN_TTL=3600\nSECRET_NAME=«service»/live/db-1\nSECRET_KEY=\n",
    ),
    document(
        "npmrc with a variable",
        "web/v«n»/.npmrc",
        "registry=https://npm.acme-retail.io/\n//npm.acme-retail.io/:_authToken=${NPM_TOKEN}\nalways-auth=true\n",
    ),
    document(
        "pip.conf without a password",
        "deploy/o«n»/pip.conf",
        "[global]\nindex-url = https://pypi.acme-retail.io/simple\nextra-index-url = https://${PIP_USER}:${PIP_PASS}@pypi.acme-retail.io/simple\nkeyring-provider = subprocess\n",
    ),
    document(
        "pypirc without a password",
        "deploy/u«n»/.pypirc",
        "[distutils]\nindex-servers = acme\n\n[acme]\nrepository = https://pypi.acme-retail.io\nusername = __token__\n",
    ),
    document(
        "Dockerfile with mounts",
        "images/m«n»/Dockerfile",
        "FROM python:3.13-slim@sha256:«hex 64»\nARG API_TOKEN\nARG SECRET_KEY=\nENV TOKEN_URL=https://auth.acme-retail.io/oauth2/token \\\n    DB_PASSWORD_FILE=/run/secrets/db_password_2\nRUN --mount=type=secret,id=pip_token_2,target=/run/secrets/token PIP_TOKEN=\"$(cat /run/secrets/token)\" make\nRUN pip install --extra-index-url \"https://svc:${API_TOKEN}@pypi.acme-retail.io/simple\" shop\nRUN echo \"«hex 64»  tool.tar.gz\" | sha256sum -c -\n",
    ),
    document(
        "script with variables",
        "scripts/vars_«n».sh",
        "#!/usr/bin/env bash\nset -euo pipefail\nPASSWORD=\"$1\"\nTOKEN=\"$(vault read -field=token_2 secret/«service»)\"\nAPI_KEY=${API_KEY:-}\nexport SECRET_KEY=$(openssl rand -hex 32)\ncurl -sS -H \"Authorization: Bearer ${TOKEN}\" https://api.acme-retail.io/v1\ncurl -sS -u \"svc:$PASSWORD\" https://api.acme-retail.io/v1\nread -rsp \"Password (12+): \" password\nif [ \"$TOKEN\" = \"null\" ]; then exit 3; fi\n",
    ),
    document(
        "Terraform-like settings in JSON",
        "infra/v«n».json",
        "{\n  \"password\": \"${data.vault_generic_secret.«service».data[\\\"pw2\\\"]}\",\n  \"kms_key_id\": \"«uuid»\",\n  \"client_id\": \"«uuid»\",\n  \"secret_arn\": \"arn:aws:secretsmanager:eu-west-1:«digits 12»:secret:«service»-«b62 6»\",\n  \"api_key\": {\"Ref\": \"ApiKey2\"}\n}\n",
    ),
    document(
        "CloudFormation",
        "infra/stack_«n».yaml",
        "Parameters:\n  DbPassword:\n    Type: String\n    NoEcho: true\n    MinLength: 12\nResources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: !Ref DbPassword\n      KmsKeyId: alias/«service»\n  Token:\n    Properties:\n      Secret: '{{resolve:secretsmanager:«service»:SecretString:password2}}'\n      ApiKey: !Sub \"${ApiKey2}\"\n      Token: !GetAtt Key.Value2\n",
    ),
    document(
        "Spring properties",
        "config/refs_«n».properties",
        "spring.datasource.password=${DB_PASSWORD}\nspring.security.oauth2.client.registration.acme.client-secret=@client.secret@\njwt.token.header=X-Auth-Token\npassword.encoder=bcrypt-12\napi.key.header=X-Api-Key-V2\ntoken.validity.seconds=86400\n",
    ),
    document(
        "logging settings",
        "config/logging_«n».ini",
        "[formatter_json]\nclass = acme.logs.TokenFilter2\nmasked = password,token,api_key,client_secret2\nkeys = root,shop\n[policy]\npassword_min_length = 12\npassword_regex = ^(?=.*[A-Z])(?=.*[0-9]).{12,}$\nsecret_backend = vault\ntoken_ttl = 15m\n",
    ),
    document(
        "notebook with an image",
        "notebooks/plot_«n».ipynb",
        "{\n \"cells\": [\n  {\n   \"cell_type\": \"code\",\n   \"execution_count\": 1,\n   \"metadata\": {},\n   \"outputs\": [{\"data\": {\"image/png\": \"iVBORw0KGgo«b64 400»\", \"text/plain\": [\"token=«hex 32»\"]}, \"metadata\": {}, \"output_type\": \"display_data\"}],\n   \"source\": [\n    \"api_key = os.environ['SHOP_API_KEY_2']\\n\",\n    \"password = getpass.getpass('Password 2: ')\"\n   ]\n  }\n ],\n \"metadata\": {},\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n",
    ),
    document(
        "tool settings in TOML",
        "tools/t«n»/pyproject.toml",
        "[project]\nname = \"token-tools-«n»\"\nversion = \"1.4.0\"\nkeywords = [\"password\", \"api-key\"]\n\n[tool.bandit]\nskips = [\"B105\"]\n\n[tool.acme]\ntoken_env = \"ACME_TOKEN_2\"\npassword_hasher = \"argon2id\"\nsecret_provider = \"vault:kv2\"\napi_key = \"env:ACME_KEY\"\npublic_key = \"RWQ«b64 53»\"\n",
    ),
    document(
        "analytics settings",
        "config/web_«n».json",
        "{\n  \"posthog\": {\"api_key\": \"phc_«b62 43»\"},\n  \"stripe\": {\"publishable_key\": \"pk_live_«b62 24»\"},\n  \"sentry\": {\"dsn\": \"https://«hex 32»@o«digits 6».ingest.sentry.io/«digits 7»\"},\n  \"recaptcha\": {\"site_key\": \"6L«url 38»\"}\n}\n",
    ),
    document(
        "tokens of a design system",
        "web/d«n»/tokens.json",
        "{\n  \"token\": {\"color-primary-500\": \"#1a73e8\", \"space-4\": \"16px\"},\n  \"tokens\": {\"font\": \"Inter-500\"},\n  \"keyToken\": \"color.primary.500\"\n}\n",
    ),
    document(
        "tokenizer",
        "models/m«n»/tokenizer_config.json",
        "{\n  \"bos_token\": \"<|begin_of_text|>\",\n  \"eos_token\": \"<|eot_id|>\",\n  \"pad_token\": {\"content\": \"<pad_0>\", \"lstrip\": false},\n  \"additional_special_tokens\": [\"<|tool_1|>\"],\n  \"token\": \"▁the\",\n  \"tokenizer_class\": \"PreTrainedTokenizerFast\"\n}\n",
    ),
];

const fn document(name: &'static str, path: &'static str, text: &'static str) -> Document {
    Document { name, path, text }
}
