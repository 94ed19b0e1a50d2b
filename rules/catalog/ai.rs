//! GENERATED from `rules/ai/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../ai/agent_loop_unbounded.rs"]
mod agent_loop_unbounded;
#[path = "../ai/inference_mode_missing.rs"]
mod inference_mode_missing;
#[path = "../ai/llm_call_unbounded.rs"]
mod llm_call_unbounded;
#[path = "../ai/llm_json_unvalidated.rs"]
mod llm_json_unvalidated;
#[path = "../ai/llm_output_executed.rs"]
mod llm_output_executed;
#[path = "../ai/model_alias_floating.rs"]
mod model_alias_floating;
#[path = "../ai/unpinned_model_download.rs"]
mod unpinned_model_download;

use roadworthy_engine::{
    Area, Check, Equivalent, OptionDefault, OptionSpec, Place, Rule, Scope, Severity, SiteKind,
    Trigger,
};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static AGENT_LOOP_UNBOUNDED: Rule = Rule {
    name: "agent-loop-unbounded",
    group: "ai",
    area: Area::Ai,
    summary: "only the model decides when the loop ends",
    fix: "count the rounds: `for step in range(MAX_STEPS):`, and say what happens when they are used up; give an agent of a framework its `recursion_limit`, or `max_iterations` and `max_execution_time`",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Script]),
    triggers: &[
        Trigger { text: "while", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "max_turns", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "AgentExecutor", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "initialize_agent", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "create_agent", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "create_react_agent", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(agent_loop_unbounded::check),
    equivalents: &[],
    tags: &["CWE-835", "CWE-770"],
    options: &[],
    source: include_str!("../ai/agent-loop-unbounded.toml"),
};

pub(super) static INFERENCE_MODE_MISSING: Rule = Rule {
    name: "inference-mode-missing",
    group: "ai",
    area: Area::Ai,
    summary: "a model is served while gradients are kept",
    fix: "run the model inside `with torch.inference_mode():`, after `model.eval()`",
    severity: Severity::Warning,
    foundation: false,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library]),
    triggers: &[
        Trigger { text: "torch", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "transformers", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(inference_mode_missing::check),
    equivalents: &[Equivalent { tool: "sonar", code: "S6982", same: true }],
    tags: &[],
    options: &[],
    source: include_str!("../ai/inference-mode-missing.toml"),
};

pub(super) static LLM_CALL_UNBOUNDED: Rule = Rule {
    name: "llm-call-unbounded",
    group: "ai",
    area: Area::Ai,
    summary: "the model's client waits for minutes",
    fix: "give the client a `timeout` (and `max_retries`) that fits what waits for it, and limit the answer by `max_tokens`",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[
        Trigger { text: "OpenAI", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "AsyncOpenAI", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "AzureOpenAI", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "AsyncAzureOpenAI", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "Anthropic", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "AsyncAnthropic", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "AnthropicBedrock", place: Place::Code, word: true, ignore_case: false },
        Trigger {
            text: "AsyncAnthropicBedrock",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
        Trigger { text: "AnthropicVertex", place: Place::Code, word: true, ignore_case: false },
        Trigger {
            text: "AsyncAnthropicVertex",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
        Trigger { text: "ChatOpenAI", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "AzureChatOpenAI", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "ChatAnthropic", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "ChatGroq", place: Place::Code, word: true, ignore_case: false },
        Trigger {
            text: "ChatGoogleGenerativeAI",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
        Trigger { text: "init_chat_model", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(llm_call_unbounded::check),
    equivalents: &[],
    tags: &["CWE-1088", "CWE-770"],
    options: &[],
    source: include_str!("../ai/llm-call-unbounded.toml"),
};

pub(super) static LLM_JSON_UNVALIDATED: Rule = Rule {
    name: "llm-json-unvalidated",
    group: "ai",
    area: Area::Ai,
    summary: "a model's text is taken for JSON",
    fix: "ask for structured output (`response_format`, a tool, a schema), validate with a model of Pydantic, and handle the error",
    severity: Severity::Warning,
    foundation: false,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library]),
    triggers: &[Trigger { text: "json", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Outline(llm_json_unvalidated::check),
    equivalents: &[],
    tags: &["CWE-20"],
    options: &[],
    source: include_str!("../ai/llm-json-unvalidated.toml"),
};

pub(super) static LLM_OUTPUT_EXECUTED: Rule = Rule {
    name: "llm-output-executed",
    group: "ai",
    area: Area::Ai,
    summary: "what a model answers is executed",
    fix: "let the model choose among functions or values of yours, and pass on the choice; run code in a sandbox",
    severity: Severity::Warning,
    foundation: false,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Script]),
    triggers: &[
        Trigger { text: "eval", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "exec", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "system", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "popen", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "subprocess", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "execute", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "run", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "loads", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "read_sql", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(llm_output_executed::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "S307", same: false },
        Equivalent { tool: "ruff", code: "S102", same: false },
        Equivalent { tool: "bandit", code: "B307", same: false },
        Equivalent { tool: "bandit", code: "B102", same: false },
    ],
    tags: &["CWE-94", "CWE-1426"],
    options: &[],
    source: include_str!("../ai/llm-output-executed.toml"),
};

pub(super) static MODEL_ALIAS_FLOATING: Rule = Rule {
    name: "model-alias-floating",
    group: "ai",
    area: Area::Ai,
    summary: "the name of the model moves to other versions",
    fix: "name the version, `gpt-4o-2024-11-20`, or read the name from a setting whose default does",
    severity: Severity::Info,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library]),
    triggers: &[
        Trigger { text: "gpt-", place: Place::Strings, word: false, ignore_case: false },
        Trigger { text: "-latest", place: Place::Strings, word: false, ignore_case: false },
        Trigger { text: "claude-", place: Place::Strings, word: false, ignore_case: false },
        Trigger { text: "gemini-", place: Place::Strings, word: false, ignore_case: false },
        Trigger { text: "o1", place: Place::Strings, word: true, ignore_case: false },
        Trigger { text: "o3", place: Place::Strings, word: true, ignore_case: false },
        Trigger { text: "o4-mini", place: Place::Strings, word: true, ignore_case: false },
    ],
    check: Check::Outline(model_alias_floating::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../ai/model-alias-floating.toml"),
};

pub(super) static UNPINNED_MODEL_DOWNLOAD: Rule = Rule {
    name: "unpinned-model-download",
    group: "ai",
    area: Area::Ai,
    summary: "a model is loaded in whatever version its repository holds",
    fix: "name the commit: `revision=\"<hash>\"`, or load a copy that is part of the image",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[
        Trigger { text: "from_pretrained", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "hf_hub_download", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "snapshot_download", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "SentenceTransformer", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "CrossEncoder", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "trust_remote_code", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(unpinned_model_download::check),
    equivalents: &[Equivalent { tool: "bandit", code: "B615", same: true }],
    tags: &["CWE-494", "CWE-829"],
    options: &[OptionSpec {
        name: "trusted-organisations",
        default: OptionDefault::Strings(&[]),
        help: "Organisations of the hub whose models may change: your own.",
    }],
    source: include_str!("../ai/unpinned-model-download.toml"),
};
