//! The words by which calls, functions and folders say what they are for. Data only; each list is
//! separated by blanks, or by semicolons where its entries hold blanks.

/// First words of calls that close, stop or remove something.
pub(crate) const CLEAN_UP: &str = "close aclose unlink kill killpg cancel stop shutdown terminate rollback disconnect \
    remove rmtree release delete rmdir cleanup clean teardown join quit dispose destroy \
    unregister unsubscribe detach unlock flush reset clear abort deregister discard restore \
    unbind unmount unload logout purge drain free wait pop exit revoke evict invalidate \
    undo removedirs closing closed aexit tidy prune drop untrack uninstall deactivate \
    expunge signout hide deallocate del delattr";

/// Words of calls that tell about the work without being it.
pub(crate) const TELEMETRY: &str = "log logger metric metrics statsd telemetry track trace span incr increment gauge \
    histogram counter inc observe breadcrumb progress print debug info warning warn capture \
    attribute tag tags timing analytics posthog sentry profile echo audit stats monitor \
    event usage beep title status hint suggest stdout stderr excepthook error exception \
    callback callbacks hook hooks tracing otel traces notice feedback";

/// Calls that parse, look up or build a value.
pub(crate) const PURE: &str = "int float Decimal str repr bool bytes complex Fraction loads urlparse urlsplit parse_qs \
    match search fullmatch findall compile sub getattr hasattr isinstance issubclass len \
    decode encode strptime fromisoformat fromtimestamp version literal_eval UUID signature \
    getsource getsourcefile getsourcelines getdoc getmodule getfile get_type_hints type \
    type_hints strip lstrip rstrip split rsplit lower upper replace startswith endswith \
    join format get keys values items index list dict set tuple frozenset sorted min max \
    sum abs round iter next hash id ord chr zip enumerate range map filter any all \
    partition rpartition splitlines isdigit b64decode b64encode unhexlify fromhex unquote \
    quote ip_address ip_network getpass getuser gethostname getlocale setlocale \
    getdefaultlocale isatty fileno get_terminal_size getpid exists isfile isdir is_file \
    is_dir stat lstat getmtime getsize resolve relative_to samefile realpath which environ \
    getenv normpath abspath expanduser parse from_string copy deepcopy group groups \
    total_seconds timestamp isoformat strftime count title as_tuple dumps is_available \
    device_count cpu_count getrusage append add extend setdefault super vars dir callable \
    eval safe_load is_integer setattr signal getcwd uname platform node machine system cast \
    parse_date set_start_method astimezone ZoneInfo timezone timedelta date datetime Path \
    PurePath partial format_map template from_bytes to_bytes update hexdigest cpu_percent \
    mkdir makedirs touch select select_one find_all findAll get_text getText getElementsByTagName xpath cssselect \
    reverse_lazy";

/// Calls, or their first words, that change something elsewhere.
pub(crate) const WORK: &str = "execute executemany commit save insert upsert create query fetch fetchone fetchall send \
    sendall sendmail publish post put patch request urlopen upload download write \
    writelines dump store persist sync process charge pay refund enqueue submit delay \
    invoke migrate deliver email webhook ingest export update scalars scalar \
    dispatch handle transfer deploy install grant assign approve register provision";

/// Calls, or their first words, that read from elsewhere: work, though a default may do instead.
pub(crate) const READING: &str = "open read read_text read_bytes load connect recv get_object scan list_objects glob \
    iterdir listdir run check_output popen call check_call";

/// Words of functions that tidy up or stand on the way of an error.
pub(crate) const CLEAN_UP_FUNCTIONS: &str = "close aclose shutdown teardown cleanup clean stop disconnect dispose release terminate \
    kill unlink exit finalize destroy abort cancel quit atexit unload rollback prune purge \
    excepthook error errors exception exceptions failure failures failed fail crash";

/// Words of functions that tell about the work without being it.
pub(crate) const TELEMETRY_FUNCTIONS: &str =
    "log logging logger logs telemetry debug sentry otel repr";

/// Words that make a function tell about the work where it is there to tell: `record_usage`, not `usage_of`.
pub(crate) const TELEMETRY_NOUNS: &str = "metrics metric analytics track tracking trace tracing notice stats usage progress \
    diagnostics hint hints audit";

/// First words of functions that tell.
pub(crate) const TELLING: &str = "add bump capture count display emit export flush inc incr increment log mark note notify \
    observe on post print publish push record report send set show start stop update write";

/// First words of functions whose answer may be no.
pub(crate) const QUESTION_BEGINS: &str = "is has can supports exists ping probe detect guess try maybe safe safely should infer \
    sniff looks parse format normalize coerce convert to as";

/// Words of functions whose answer may be no.
pub(crate) const QUESTION: &str = "versions available exists alive healthy health try safe safely maybe optional probe valid best \
    installed reachable silent silently quietly version supported aexists";

/// Words of folders and files beside the product.
pub(crate) const ASIDE: &str = "eval evals evaluation migrations migration alembic analytics telemetry metrics metric tracing tracking otel opentelemetry logging logger \
    logs sentry stats statistics usage dev devtools populate seed seeder seeders seeds seeding fixtures \
    notice milestones debug profiling profiler benchmark benchmarks example examples demo \
    experimental scripts codegen diagnostics devscripts playground i18n l10n mock mocks mocking";

/// Phrases that say that a failure may be ignored.
pub(crate) const BEST_EFFORT: &str = "best effort;best-effort;never raise;silently;swallow;ignore;non-fatal;nonfatal;\
    not fatal;not critical;non-critical;fail open;optional;don't fail;do not fail;fall back;\
    fallback;falls back;must not;should not break;shouldn't break;suppress;defensive;\
    if possible;don't care;best attempt;nice to have;nice-to-have;non-blocking;never break;never block;\
    on purpose;deliberately;not essential;harmless;fail-safe;failsafe;never fail;won't fail;doesn't matter;\
    try to;attempt to;in case;clean up;cleanup";

/// Whether a word is in a list.
pub(crate) fn among(list: &str, word: &str) -> bool {
    !word.is_empty() && list.as_bytes().split(|it| *it == b' ').any(|it| it == word.as_bytes())
}
