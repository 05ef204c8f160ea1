//! Which C tools compile for a phone: the real ones where there are any, else stand-ins.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The lowest Android version that the app runs on.
const ANDROID_API: u32 = 26;

/// Creates the file that `-o` names, empty.
const COMPILER: &str = r#"#!/bin/sh
while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then : > "$2"; fi
  shift
done
"#;

/// Creates an archive without members where the first `.a` among the arguments is.
const ARCHIVER: &str = r#"#!/bin/sh
for argument in "$@"; do
  case "$argument" in
    *.a) printf '!<arch>\n' > "$argument"; exit 0 ;;
  esac
done
"#;

/// Answers what build scripts ask Apple's tool locator: a path and a version.
const XCRUN: &str = r#"#!/bin/sh
for argument in "$@"; do
  case "$argument" in
    --show-sdk-version) echo 17.0; exit 0 ;;
  esac
done
dirname "$0"
"#;

/// Environment variables that point build scripts at C tools for one target.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CTools {
    variables: Vec<(String, OsString)>,
}

impl CTools {
    /// The tools for `target`; stand-ins, if needed, are written below `dir`.
    ///
    /// # Errors
    /// When the stand-ins cannot be written.
    pub(crate) fn choose(target: &str, dir: &Path) -> Result<Self> {
        if target.contains("apple") && cfg!(target_os = "macos") {
            return Ok(Self { variables: Vec::new() });
        }
        let ndk = env::var_os("ANDROID_NDK_HOME").map(PathBuf::from);
        match ndk.filter(|_| target.contains("android")).and_then(|ndk| ndk_tools(&ndk)) {
            Some(bin) => {
                let compiler = bin.join(format!("{target}{ANDROID_API}-clang"));
                Ok(Self::new(target, &compiler, &bin.join("llvm-ar")))
            }
            None => Self::stand_ins(target, dir, env::var_os("PATH")),
        }
    }

    /// Sets the variables for `command`.
    pub(crate) fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.variables.iter().map(|(name, value)| (name, value)))
    }

    fn new(target: &str, compiler: &Path, archiver: &Path) -> Self {
        let variable =
            |tool: &str, path: &Path| (format!("{tool}_{}", target.replace('-', "_")), path.into());
        let variables =
            vec![variable("CC", compiler), variable("CXX", compiler), variable("AR", archiver)];
        Self { variables }
    }

    fn stand_ins(target: &str, dir: &Path, path: Option<OsString>) -> Result<Self> {
        // None is called `cc`: on PATH it would stand in for the host's compiler, too.
        let compiler = dir.join("stand-in-compiler");
        let archiver = dir.join("stand-in-archiver");
        write_script(&compiler, COMPILER)?;
        write_script(&archiver, ARCHIVER)?;
        let mut tools = Self::new(target, &compiler, &archiver);
        if target.contains("apple") {
            let sdk = dir.join("apple");
            write_script(&sdk.join("xcrun"), XCRUN)?;
            let rest = path.unwrap_or_default();
            let all = [sdk].into_iter().chain(env::split_paths(&rest));
            let joined = env::join_paths(all).context("PATH holds an odd character")?;
            tools.variables.push(("PATH".to_owned(), joined));
        }
        Ok(tools)
    }
}

/// The folder of the NDK's programs for this host, if the NDK is whole.
fn ndk_tools(ndk: &Path) -> Option<PathBuf> {
    let hosts = fs::read_dir(ndk.join("toolchains/llvm/prebuilt")).ok()?;
    hosts
        .filter_map(Result::ok)
        .map(|host| host.path().join("bin"))
        .find(|bin| bin.join("llvm-ar").exists())
}

fn write_script(path: &Path, text: &str) -> Result<()> {
    let failed = || format!("{} could not be written", path.display());
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).with_context(failed)?;
    fs::write(path, text).with_context(failed)?;
    make_executable(path).with_context(failed)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::output;

    fn variable<'a>(tools: &'a CTools, name: &str) -> Option<&'a OsString> {
        tools.variables.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Runs a script that this process has just written: started directly it could be "busy".
    fn script(path: impl Into<OsString>) -> Command {
        let mut shell = Command::new("sh");
        shell.arg(path.into());
        shell
    }

    #[test]
    fn stand_ins_create_the_files_that_build_scripts_wait_for() {
        let dir = tempfile::tempdir().unwrap();
        let tools = CTools::stand_ins("aarch64-linux-android", dir.path(), None).unwrap();
        let (object, library) = (dir.path().join("a.o"), dir.path().join("liba.a"));
        let compiler = variable(&tools, "CC_aarch64_linux_android").unwrap();
        output(script(compiler).args(["-O1", "-c", "a.c", "-o"]).arg(&object)).unwrap();
        let archiver = variable(&tools, "AR_aarch64_linux_android").unwrap();
        output(script(archiver).arg("cq").args([&library, &object])).unwrap();
        assert_eq!(fs::read(object).unwrap(), b"");
        assert_eq!(fs::read(library).unwrap(), b"!<arch>\n");
        assert_eq!(variable(&tools, "PATH"), None);
    }

    #[test]
    fn apple_gets_a_tool_locator_before_all_others() {
        let dir = tempfile::tempdir().unwrap();
        let tools =
            CTools::stand_ins("aarch64-apple-ios", dir.path(), Some("/bin:/usr/bin".into()));
        let path = variable(tools.as_ref().unwrap(), "PATH").unwrap();
        let first = env::split_paths(path).next().unwrap();
        let said = output(script(first.join("xcrun")).arg("--show-sdk-path")).unwrap();
        assert_eq!(Path::new(said.trim()), first);
    }

    #[test]
    fn a_real_ndk_is_found_by_its_archiver() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(ndk_tools(dir.path()), None);
        let bin = dir.path().join("toolchains/llvm/prebuilt/linux-x86_64/bin");
        fs::create_dir_all(&bin).unwrap();
        fs::write(bin.join("llvm-ar"), "").unwrap();
        assert_eq!(ndk_tools(dir.path()), Some(bin));
    }
}
