//! The command line: parse, call, print. Results go to stdout, talk to stderr.

mod annotate;
mod args;
mod docs;
mod ekspor;
mod explain;
mod gc;
mod history;
mod ingest;
mod init;
mod lake;
mod log;
mod output;
mod plan;
mod profile;
mod profile_text;
mod progress;
mod query;
mod release;
mod release_args;
mod release_diff;
mod releases;
mod rollback;
mod run;
mod sample;
mod status;
mod table;
mod telusur;
mod temuan;
mod temuan_docs;
mod test;
mod validate;
mod validate_text;

use crate::run::RunError;
use args::{Cli, Command};
use clap::{CommandFactory, Parser};
use output::Output;
use std::process::ExitCode;

/// What a command ended with: its exit code (DESIGN.md, "Commands").
type Ended = Result<u8, RunError>;

/// The whole program.
pub fn main() -> ExitCode {
    quiet_library_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error),
    };
    log::start(cli.global.log);
    let output = Output::new(cli.global.format, cli.global.quiet);
    let code = dispatch(&cli, output).unwrap_or_else(|error| {
        output.error(&error);
        error.exit_code()
    });
    log::ended(&cli, code);
    ExitCode::from(code)
}

fn dispatch(cli: &Cli, output: Output) -> Ended {
    let global = &cli.global;
    args::check_format(cli)?;
    match &cli.command {
        Command::Init(args) => init::init(global, args, output),
        Command::Ingest(files) => ingest::ingest(global, files, output),
        Command::Run(run) => run::run(global, run, output),
        Command::History(history) => history::history(global, history, output),
        Command::Rollback(rollback) => rollback::rollback(global, rollback, output),
        Command::Plan(asked) => plan::plan(global, asked, output),
        Command::Lake(args) => lake::lake(global, args, output),
        Command::Gc(gc) => gc::gc(global, gc, output),
        Command::Release(release) => releases::release(global, release, output),
        Command::Query(args) => query::query(global, args, output),
        Command::Status => status::status(global, output),
        Command::Validate(args) => validate::validate(global, args, output),
        Command::Explain(args) => explain::explain(args, output),
        Command::Profile(target) => profile::profile(global, target, output),
        Command::Sample(sample) => sample::sample(sample, output),
        Command::Temuan(temuan) => temuan::temuan(global, temuan, output),
        Command::Telusur(telusur) => telusur::telusur(global, telusur, output),
        Command::Docs(docs) => docs::docs(docs, output),
        Command::Test(test) => test::test(global, test, output),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "bansos360", &mut script);
            output.result(&String::from_utf8_lossy(&script));
            Ok(0)
        }
    }
}

/// A workbook that makes the reader panic is caught and refused; its panic message is for nobody.
fn quiet_library_panics() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let in_library = info.location().is_some_and(|place| place.file().contains("calamine"));
        if !in_library {
            default(info);
        }
    }));
}
