//! `bansos360 explain`: the page of an error code.

use super::Ended;
use super::args::ExplainArgs;
use super::output::Output;
use crate::errors::{Page, markdown, nearest, page};
use crate::run::RunError;

/// Prints the page of a code, or all of them as `docs/errors.md`.
pub fn explain(args: &ExplainArgs, output: Output) -> Ended {
    if args.all {
        if output.is_json() {
            output.json(&crate::errors::PAGES);
        } else {
            output.result(&markdown());
        }
        return Ok(0);
    }
    let typed = args.code.as_deref().unwrap_or_default();
    let Some(found) = page(typed) else {
        return Err(RunError::Usage(format!(
            "no error has the code `{typed}`; the nearest is `{}`, and `bansos360 explain --all` prints all of them",
            nearest(typed)
        )));
    };
    if output.is_json() {
        output.json(found);
    } else {
        output.result(&told(found));
    }
    Ok(0)
}

fn told(page: &Page) -> String {
    // The links of the Markdown page are paths on a terminal.
    let on_terminal = |text: &str| {
        text.replace("[pipelines.md](pipelines.md)", "docs/pipelines.md")
            .replace("[data test](data-tests.md)", "data test (docs/data-tests.md)")
    };
    format!(
        "{}: {}\n\n  cause       {}\n  what to do  {}\n",
        page.code,
        page.title,
        on_terminal(page.cause),
        on_terminal(page.next)
    )
}
