//! What the steps need from the machine, and whether it is there.

mod install;
mod version;

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) use install::{Installer, doctor};
use version::Version;

/// The version of cargo-deny that the checks run with.
pub(crate) const CARGO_DENY: Version = Version(0, 20, 2);

/// Something a step cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    CCompiler,
    CppCompiler,
    CMake,
    Rustfmt,
    Clippy,
    CargoDeny,
    DbusDaemon,
    Jdk,
    Maven,
    Python,
}

impl Need {
    /// Every need there is, in the order the doctor lists them.
    pub(crate) const ALL: [Self; 10] = [
        Self::CCompiler,
        Self::CppCompiler,
        Self::CMake,
        Self::Rustfmt,
        Self::Clippy,
        Self::CargoDeny,
        Self::DbusDaemon,
        Self::Jdk,
        Self::Maven,
        Self::Python,
    ];

    /// What it is called and what for.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::CCompiler => "C compiler (SQLite, ring)",
            Self::CppCompiler => "C++ compiler (libFuzzer)",
            Self::CMake => {
                "CMake 3.16 or newer and make (libopus, which our decoder is compared with)"
            }
            Self::Rustfmt => "rustfmt",
            Self::Clippy => "clippy",
            Self::CargoDeny => "cargo-deny 0.20.2 (licences, sources)",
            Self::DbusDaemon => "dbus-daemon (tests of the radio on Linux)",
            Self::Jdk => "JDK 17 or newer (Kotlin bindings)",
            Self::Maven => "Maven 3.6.3 or newer (Kotlin bindings)",
            Self::Python => "Python 3.9 or newer (Python bindings)",
        }
    }
}

/// What is known about the machine. A value of its own so that tests can invent one.
#[derive(Debug)]
pub(crate) struct Machine {
    path: OsString,
    java_home: Option<PathBuf>,
    c_compiler: Option<OsString>,
    cpp_compiler: Option<OsString>,
    /// Where our own installations of tools live; see `Workspace::tools`.
    tools: PathBuf,
}

impl Machine {
    /// The machine we run on.
    pub(crate) fn this(tools: PathBuf) -> Self {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty());
        Self {
            path: set("PATH").unwrap_or_default(),
            java_home: set("JAVA_HOME").map(PathBuf::from),
            c_compiler: set("CC"),
            cpp_compiler: set("CXX"),
            tools,
        }
    }

    /// Looks for `need`: what was found, or why that is not enough.
    pub(crate) fn find(&self, need: Need) -> Result<String, String> {
        match need {
            Need::CCompiler => self.compiler(self.c_compiler.as_deref(), "cc"),
            Need::CppCompiler => self.compiler(self.cpp_compiler.as_deref(), "c++"),
            Need::CMake => self.cmake(),
            Need::Rustfmt => self.versioned("cargo-fmt", "--version", None),
            Need::Clippy => self.versioned("cargo-clippy", "--version", None),
            Need::CargoDeny => self.cargo_deny().map(|path| path.display().to_string()),
            Need::DbusDaemon => self.dbus_daemon(),
            Need::Jdk => self.jdk(),
            Need::Maven => self.versioned("mvn", "--version", Some(Version(3, 6, 3))),
            Need::Python => self.versioned("python3", "--version", Some(Version(3, 9, 0))),
        }
    }

    /// The cargo-deny of the right version, on `PATH` or among our tools.
    pub(crate) fn cargo_deny(&self) -> Result<PathBuf, String> {
        let ours = self.tools.join("bin/cargo-deny");
        let found = self.on_path("cargo-deny").into_iter().chain([ours]);
        found
            .filter(|path| path.exists())
            .find(|path| version_of(path, "--version") == Some(CARGO_DENY))
            .ok_or_else(|| format!("no cargo-deny of exactly version {CARGO_DENY}"))
    }

    pub(crate) fn on_path(&self, program: &str) -> Option<PathBuf> {
        which::which_in_global(program, Some(&self.path)).ok()?.next()
    }

    fn compiler(&self, chosen: Option<&OsStr>, usual: &str) -> Result<String, String> {
        // The variable may carry arguments or a wrapper: its first word is the program.
        let chosen = chosen.map(OsStr::to_string_lossy);
        let program = chosen.as_deref().and_then(|value| value.split_whitespace().next());
        let program = program.unwrap_or(usual);
        self.on_path(program)
            .map(|path| path.display().to_string())
            .ok_or_else(|| format!("`{program}` is not on PATH"))
    }

    fn cmake(&self) -> Result<String, String> {
        // What CMake writes, `make` runs.
        self.on_path("make").ok_or("`make` is not on PATH")?;
        self.versioned("cmake", "--version", Some(Version(3, 16, 0)))
    }

    fn dbus_daemon(&self) -> Result<String, String> {
        if cfg!(target_os = "linux") {
            self.versioned("dbus-daemon", "--version", None)
        } else {
            Ok("not needed on this system".to_owned())
        }
    }

    fn jdk(&self) -> Result<String, String> {
        let least = Version(17, 0, 0);
        match &self.java_home {
            // Maven takes this one, whatever PATH says.
            Some(home) => enough(&home.join("bin/javac"), "-version", Some(least))
                .map_err(|why| format!("JAVA_HOME is set, but {why}")),
            None => self.versioned("javac", "-version", Some(least)),
        }
    }

    fn versioned(&self, tool: &str, flag: &str, least: Option<Version>) -> Result<String, String> {
        let path = self.on_path(tool).ok_or_else(|| format!("`{tool}` is not on PATH"))?;
        enough(&path, flag, least)
    }
}

fn enough(path: &Path, flag: &str, least: Option<Version>) -> Result<String, String> {
    let shown = path.display();
    let version = version_of(path, flag).ok_or_else(|| format!("{shown} does not run"))?;
    match least {
        Some(least) if version < least => Err(format!("{shown} is version {version}: too old")),
        _ => Ok(format!("{shown} {version}")),
    }
}

fn version_of(path: &Path, flag: &str) -> Option<Version> {
    let output = Command::new(path).arg(flag).stdin(Stdio::null()).output().ok()?;
    // A proxy without its component, such as rustup's, starts and fails.
    output.status.success().then_some(())?;
    // Some tools write their version to standard error.
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    Version::find(&text)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    struct Fake {
        dir: tempfile::TempDir,
    }

    impl Fake {
        fn new(tools: &[(&str, &str)]) -> Self {
            let fake = Self { dir: tempfile::tempdir().unwrap() };
            for (name, says) in tools {
                fake.add(name, &format!("echo '{says}'"));
            }
            fake
        }

        fn add(&self, name: &str, script: &str) {
            let path = self.dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            // A child writes it: a file that this process had open could be inherited by a child
            // of another test's, and running it would fail as "text file busy".
            let write = r##"printf '#!/bin/sh\n%s\n' "$1" > "$2" && chmod +x "$2""##;
            let done = Command::new("sh").args(["-c", write, "sh", script]).arg(&path).status();
            assert!(done.unwrap().success());
        }

        fn machine(&self) -> Machine {
            Machine {
                path: self.dir.path().into(),
                java_home: None,
                c_compiler: None,
                cpp_compiler: None,
                tools: self.dir.path().join("tools"),
            }
        }
    }

    #[test]
    fn an_empty_machine_has_nothing() {
        let fake = Fake::new(&[]);
        let elsewhere = |need: &Need| *need == Need::DbusDaemon && !cfg!(target_os = "linux");
        for need in Need::ALL.into_iter().filter(|need| !elsewhere(need)) {
            assert!(fake.machine().find(need).is_err(), "{need:?}");
        }
    }

    #[test]
    fn versions_decide() {
        let table = [
            ("javac", "javac 17.0.15", Need::Jdk, true),
            ("javac", "javac 11.0.2", Need::Jdk, false),
            ("javac", "javac 1.8.0_292", Need::Jdk, false),
            ("mvn", "Apache Maven 3.8.7", Need::Maven, true),
            ("mvn", "Apache Maven 3.5.4", Need::Maven, false),
            ("python3", "Python 3.9.0", Need::Python, true),
            ("python3", "Python 3.8.10", Need::Python, false),
            ("cargo-deny", "cargo-deny 0.20.2", Need::CargoDeny, true),
            ("cargo-deny", "cargo-deny 0.20.3", Need::CargoDeny, false),
            ("cargo-fmt", "rustfmt 1.8.0-stable", Need::Rustfmt, true),
            ("cc", "", Need::CCompiler, true),
            ("c++", "", Need::CppCompiler, true),
        ];
        for (tool, says, need, want) in table {
            let found = Fake::new(&[(tool, says)]).machine().find(need);
            assert_eq!(found.is_ok(), want, "{tool}: {says}: {found:?}");
        }
    }

    #[test]
    fn a_proxy_without_its_component_does_not_count() {
        let fake = Fake::new(&[]);
        fake.add("cargo-clippy", "echo 'error: clippy 0.1 is not installed' >&2; exit 1");
        assert!(fake.machine().find(Need::Clippy).is_err());
    }

    #[test]
    fn java_home_wins_over_path() {
        let fake = Fake::new(&[("javac", "javac 21.0.1"), ("old/bin/javac", "javac 11.0.2")]);
        let mut machine = fake.machine();
        machine.java_home = Some(fake.dir.path().join("old"));
        let why = machine.find(Need::Jdk).unwrap_err();
        assert!(why.contains("JAVA_HOME") && why.contains("11.0.2"), "{why}");
    }

    #[test]
    fn variables_name_the_compilers() {
        let fake = Fake::new(&[("my-clang", ""), ("my-clang++", "")]);
        let mut machine = fake.machine();
        machine.c_compiler = Some("my-clang --target=x".into());
        machine.cpp_compiler = Some("my-clang++ -O1".into());
        assert!(machine.find(Need::CCompiler).is_ok());
        assert!(machine.find(Need::CppCompiler).is_ok());
    }

    #[test]
    fn cmake_counts_with_make_only() {
        let cmake = ("cmake", "cmake version 3.25.1");
        let why = Fake::new(&[cmake]).machine().find(Need::CMake).unwrap_err();
        assert!(why.contains("`make`"), "{why}");
        assert!(Fake::new(&[cmake, ("make", "")]).machine().find(Need::CMake).is_ok());
        let old = Fake::new(&[("cmake", "cmake version 3.13.4"), ("make", "")]);
        assert!(old.machine().find(Need::CMake).unwrap_err().contains("too old"));
    }

    #[test]
    fn our_own_cargo_deny_serves_when_that_on_path_is_another() {
        let fake = Fake::new(&[
            ("cargo-deny", "cargo-deny 0.14.0"),
            ("tools/bin/cargo-deny", "cargo-deny 0.20.2"),
        ]);
        let path = fake.machine().cargo_deny().unwrap();
        assert!(path.ends_with("tools/bin/cargo-deny"), "{path:?}");
    }
}
