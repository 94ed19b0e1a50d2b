//! What an image starts for those who work on it.

use roadworthy_project::facts::containers::{Image, Instruction};

use super::start;

/// Whether a script that is called `dev` is started: `npm run dev`.
pub(super) fn starts_development(image: &Image) -> bool {
    let commands = start(image).unwrap_or_default().into_iter().flat_map(Instruction::commands);
    commands.into_iter().any(|command| command.texts().any(|word| word == "dev"))
}

/// Whether the last that is started is a server of pages for those who write them: `expo start`, `vite`.
pub(super) fn serves_pages(image: &Image) -> bool {
    const RUNNERS: [&str; 8] = ["bunx", "dlx", "exec", "npm", "npx", "pnpm", "run", "yarn"];
    let commands = start(image).unwrap_or_default().into_iter().flat_map(Instruction::commands);
    commands.last().is_some_and(|command| {
        let mut words = command.texts().skip_while(|word| RUNNERS.contains(word));
        let program = words.next().unwrap_or_default();
        let next = words.next().unwrap_or_default();
        match program.rsplit('/').next().unwrap_or_default() {
            "expo" | "react-scripts" => next == "start",
            "vite" => next.is_empty() || next == "serve" || next.starts_with('-'),
            _ => false,
        }
    })
}
