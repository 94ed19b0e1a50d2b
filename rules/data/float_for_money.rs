//! See `float-for-money.toml`. Knows names and fields of classes, and whether objects of them are made; nothing else of
//! what is done with them.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Definition, DefinitionId, Keyword, LogicalLine};

use crate::shared::code::made::is_made_nowhere;
use crate::shared::code::text::places_of;
use crate::shared::code::words::words;

/// Last words of names that speak of money.
const MONEY: [&str; 11] = [
    "price", "amount", "balance", "total", "fee", "tax", "salary", "subtotal", "discount",
    "payment", "refund",
];

/// Words of modules about payments.
const PAYMENTS: [&str; 16] = [
    "payment",
    "payments",
    "billing",
    "invoice",
    "invoices",
    "invoicing",
    "order",
    "orders",
    "checkout",
    "wallet",
    "ledger",
    "accounting",
    "payroll",
    "shop",
    "cart",
    "subscriptions",
];

/// Words of classes that say what is owed.
const OWED: [&str; 9] = [
    "payment", "invoice", "order", "refund", "payroll", "purchase", "receipt", "billing",
    "checkout",
];

/// Words of a class that make money of its transactions, which games and clubs have with points as well.
const SIGNS: [&str; 14] = [
    "bank", "card", "customer", "eur", "euro", "invoice", "merchant", "order", "paid", "payment",
    "price", "stripe", "tax", "usd",
];

/// Words of code in which prices are measured or forecast, not owed.
const MEASURED: [&str; 23] = [
    "coin",
    "crypto",
    "swap",
    "slippage",
    "trigger",
    "llm",
    "prompt",
    "completion",
    "conversion",
    "trading",
    "trade",
    "trades",
    "strategy",
    "forecast",
    "predict",
    "prediction",
    "ticker",
    "tokens",
    "candle",
    "stock",
    "market",
    "backtest",
    "exchange",
];

/// Words of classes whose amounts are shown, and not calculated with.
const SHOWN: [&str; 12] = [
    "response",
    "out",
    "output",
    "read",
    "view",
    "summary",
    "dashboard",
    "report",
    "stats",
    "statistics",
    "history",
    "row",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let path = words(file.path_inside());
    let in_payments = path.iter().any(|it| PAYMENTS.contains(&it.as_str()));
    if path.iter().any(|it| MEASURED.contains(&it.as_str())) {
        return;
    }
    let mut known: Option<(DefinitionId, bool)> = None;
    let mut made: Option<(DefinitionId, bool)> = None;
    for line in file.outline.lines.iter().filter(|it| it.keyword == Keyword::Other) {
        out.judged_if(|| holds_money(file, line));
        let Some((name, is_column)) = money_field(file, line) else { continue };
        let Some(id) = line.scope else { continue };
        let class = file.outline.definition(id);
        if !class.is_class() {
            continue;
        }
        let (_, counts) = *known
            .filter(|it| it.0 == id)
            .get_or_insert_with(|| (id, is_about_money(file, class, in_payments)));
        known = Some((id, counts));
        if counts && (is_column || !is_shown(file, class)) && !trades(file) && !is_rate(file, name)
        {
            let kind = if is_column { "a float column" } else { "a float" };
            let of_class = file.slice(class.name);
            let mut is_kept = || {
                let (_, is_made) = *made
                    .filter(|it| it.0 == id)
                    .get_or_insert_with(|| (id, !is_made_nowhere(file, of_class)));
                made = Some((id, is_made));
                is_made
            };
            let is_owed = is_column
                && is_sure(file, class, name)
                && !is_statistic(file, class)
                && !is_reckoned(name)
                && !is_reported(file, class)
                && !is_mirror(file, class)
                && !is_observed(file, class)
                && is_kept();
            let level = if is_owed { Severity::Warning } else { Severity::Info };
            let message = format!("`{name}` of `{of_class}` is {kind}, which cannot hold cents");
            out.report(Report::at(line.span).message(message).severity(level));
        }
    }
}

/// Whether a column surely holds what somebody owes: its class names a currency, or is a payment, an order or an invoice by its own
/// name, and the column is no share of something by its.
fn is_sure(file: &FileContext<'_>, class: &Definition, name: &str) -> bool {
    let own = words(file.slice(class.name));
    let is_share = words(name).last().is_some_and(|it| SHARES.contains(&it.as_str()));
    let names_currency = || {
        file.slice(class.body).lines().any(|line| {
            let field = line.split([':', '=']).next().unwrap_or_default();
            words(field.trim()).iter().any(|it| it == "currency" || it == "iban")
        })
    };
    let is_owed = own.iter().any(|it| OWED.contains(&it.as_str()) || it == "transaction");
    !is_share && (is_owed || names_currency())
}

/// Words of names that are shares as often as amounts.
const SHARES: [&str; 4] = ["commission", "discount", "tax", "vat"];

/// Whether a tax or a discount is a share of a hundred, and no amount: some line of the project divides it, `item.tax / 100`.
fn is_rate(file: &FileContext<'_>, name: &str) -> bool {
    if !words(name).last().is_some_and(|it| SHARES.contains(&it.as_str())) {
        return false;
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    let divides = |text: &str| {
        places_of(text, name).any(|at| {
            let rest = text[at + name.len()..].trim_start_matches([')', ' ', '"', '\'', ']']);
            let by = rest.strip_prefix('/').map(|it| it.trim_start_matches([' ', '(']));
            by.is_some_and(|it| it.starts_with("100")) || rest.starts_with("* 0.01")
        })
    };
    facts.answer(known.component, format!("{name} is a share beside {}", known.path), || {
        let mut files = facts.project().files.iter().filter(|it| it.kind.is_python());
        files.any(|it| facts.source(it).is_some_and(|it| divides(it.text())))
    })
}

/// Whether the rows of a class are what a crawler saw on the pages of others: their prices are noted, and nobody pays them here.
fn is_observed(file: &FileContext<'_>, class: &Definition) -> bool {
    const SIGNS: [&str; 6] = ["crawl", "crawled", "crawler", "scrape", "scraped", "scraper"];
    words(file.slice(class.span)).iter().any(|it| SIGNS.contains(&it.as_str()))
}

/// Whether the rows of a class sum up what other tables hold, by its name: nobody is charged by them.
fn is_statistic(file: &FileContext<'_>, class: &Definition) -> bool {
    const SIGNS: [&str; 8] =
        ["analytics", "metric", "metrics", "report", "reports", "statistic", "statistics", "stats"];
    words(file.slice(class.name)).iter().any(|it| SIGNS.contains(&it.as_str()))
}

/// Whether an amount is estimated, by its name: nothing is booked or charged by it.
fn is_reckoned(name: &str) -> bool {
    const SIGNS: [&str; 9] = [
        "estimate",
        "estimated",
        "expected",
        "forecast",
        "gap",
        "potential",
        "predicted",
        "projected",
        "score",
    ];
    words(name).iter().any(|it| SIGNS.contains(&it.as_str()))
}

/// Whether the rows of a class are the figures that a company reported for a time, by its fields: they are rounded already.
fn is_reported(file: &FileContext<'_>, class: &Definition) -> bool {
    file.slice(class.body).lines().any(|line| {
        let field = line.split([':', '=']).next().unwrap_or_default().trim();
        matches!(field, "reporting_date" | "reporting_period" | "reporting_year")
    })
}

/// Whether a model of Django's shows a table that something else makes, which decides the type of its columns:
/// <https://docs.djangoproject.com/en/stable/ref/models/options/#managed>.
fn is_mirror(file: &FileContext<'_>, class: &Definition) -> bool {
    file.slice(class.body).lines().any(|line| {
        let line = line.split('#').next().unwrap_or_default();
        line.split_once('=')
            .is_some_and(|(name, value)| name.trim() == "managed" && value.trim() == "False")
    })
}

fn is_shown(file: &FileContext<'_>, class: &Definition) -> bool {
    words(file.slice(class.name)).iter().any(|it| SHOWN.contains(&it.as_str()))
}

/// Whether the project calculates with the prices of an exchange, which come as floats.
fn trades(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(own) = facts.dependencies().components.get(known.component) else { return false };
    own.declared().any(|it| {
        matches!(
            it.name.as_str(),
            "ccxt" | "backtrader" | "ta-lib" | "alpaca-py" | "python-binance" | "yfinance"
        )
    })
}

/// Whether a line of a class is a field that holds money, in whatever.
fn holds_money(file: &FileContext<'_>, line: &LogicalLine) -> bool {
    let of_class = line.scope.is_some_and(|id| file.outline.definition(id).is_class());
    let name = || file.slice(line.span).split([':', '=']).next().unwrap_or_default().trim();
    of_class && words(name()).last().is_some_and(|it| MONEY.contains(&it.as_str()))
}

/// The name of a field that holds money in a float, and whether it is a column of a database.
fn money_field<'a>(file: &FileContext<'a>, line: &LogicalLine) -> Option<(&'a str, bool)> {
    let text = file.slice(line.span);
    let length = text.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
    let (name, rest) = text.split_at(length);
    let rest = rest.trim_start();
    if name.is_empty()
        || !rest.starts_with([':', '='])
        || !words(name).last().is_some_and(|it| MONEY.contains(&it.as_str()))
    {
        return None;
    }
    let (annotation, value) = match rest.strip_prefix(':') {
        Some(rest) => rest.split_once('=').unwrap_or((rest, "")),
        None => ("", &rest[1..]),
    };
    let calls_column =
        ["Column(", "mapped_column(", "models.FloatField("].iter().any(|it| value.contains(it));
    let is_float = value.contains("models.FloatField(")
        || value
            .split(|it: char| !(it.is_alphanumeric() || it == '_'))
            .any(|it| matches!(it, "Float" | "FLOAT" | "Double" | "DOUBLE_PRECISION" | "REAL"));
    let mapped = annotation.contains("Mapped[");
    let annotated =
        annotation.split(|it: char| !(it.is_alphanumeric() || it == '_')).any(|it| it == "float");
    if calls_column && is_float {
        return Some((name, true));
    }
    let says_other = calls_column
        && ["Numeric", "DECIMAL", "Integer", "BigInteger"].iter().any(|it| value.contains(it));
    (annotated && !says_other).then_some((name, mapped))
}

/// Whether a class names a currency, or stands among payments, and is not about what tokens cost.
fn is_about_money(file: &FileContext<'_>, class: &Definition, in_payments: bool) -> bool {
    let mut has_currency = in_payments;
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < class.body.start);
    for line in lines[first..].iter().take_while(|it| it.span.start < class.body.end) {
        let text = file.slice(line.span);
        let name = text.split([':', '=', ' ', '(']).next().unwrap_or_default();
        let named = words(name);
        if named.iter().any(|it| MEASURED.contains(&it.as_str())) {
            return false;
        }
        has_currency |= named.iter().any(|it| it == "currency" || it == "iban");
    }
    let own = words(file.slice(class.name));
    has_currency |= own.iter().any(|it| OWED.contains(&it.as_str()));
    has_currency |= own.iter().any(|it| it == "transaction")
        && words(file.slice(class.body)).iter().any(|it| SIGNS.contains(&it.as_str()));
    has_currency && !own.iter().any(|it| MEASURED.contains(&it.as_str()))
}
