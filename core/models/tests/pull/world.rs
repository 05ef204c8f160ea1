use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use confee_models::download::machine::Policy;
use confee_models::download::{Options, PullError, PullProgress, Puller};
use confee_models::ggml::GgmlError;
use confee_models::{Installed, Library, Manifest};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

/// A folder, a list with one model, and what a download needs.
pub(crate) struct World {
    folder: tempfile::TempDir,
    pub(crate) library: Library,
    pub(crate) manifest: Manifest,
    pub(crate) options: Options,
    pub(crate) puller: Puller,
    pub(crate) cancel: watch::Sender<bool>,
    pub(crate) seen: Arc<Mutex<Vec<PullProgress>>>,
}

pub(crate) fn payload(length: usize) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(7);
    std::iter::repeat_with(|| rng.u8(..)).take(length).collect()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A list with the model `m`; `facts` are lines of the model.
pub(crate) fn list(facts: &str, sources: &[String]) -> Manifest {
    let mut text = format!(
        "version = 1\nmultilingual = [\"en\"]\n[[model]]\nid = \"m\"\nfile = \"m.bin\"\n\
         size = \"tiny\"\nkind = \"q8_0\"\nlanguages = \"english\"\nlicence = \"MIT\"\n\
         memory_mb = 1\ntier = \"entry\"\n{facts}\n"
    );
    for source in sources {
        text.push_str(&format!("[[model.source]]\n{source}\n"));
    }
    Manifest::from_bytes_with_http(text.as_bytes()).unwrap()
}

pub(crate) fn ggml(url: &str) -> String {
    format!("kind = \"ggml\"\nurl = \"{url}\"")
}

pub(crate) fn facts(content: &[u8]) -> String {
    format!("bytes = {}\nsha256 = \"{}\"", content.len(), sha256(content))
}

impl World {
    pub(crate) fn new(content: &[u8], urls: &[&str]) -> Self {
        let sources: Vec<String> = urls.iter().map(|url| ggml(url)).collect();
        Self::of(list(&facts(content), &sources))
    }

    pub(crate) fn of(manifest: Manifest) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::at(&folder.path().join("models"))
            .unwrap()
            .with_check(Arc::new(sound))
            .with_clock(Arc::new(|| 1_000));
        let policy = Policy {
            first_pause_ms: 1,
            last_pause_ms: 2_000,
            progress_bytes: 1,
            allow_http: true,
            ..Policy::default()
        };
        let options = Options { policy, stall: Duration::from_secs(30), ..Options::default() };
        Self {
            folder,
            library,
            manifest,
            options,
            puller: Puller::new().unwrap(),
            cancel: watch::Sender::new(false),
            seen: Arc::default(),
        }
    }

    pub(crate) async fn pull(&self) -> Result<Installed, PullError> {
        let seen = self.seen.clone();
        let progress = Arc::new(move |progress| seen.lock().unwrap().push(progress));
        let model = self.manifest.model("m").unwrap();
        let cancel = self.cancel.subscribe();
        self.puller.pull(&self.library, model, &self.options, progress, &cancel).await
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("models").join(name)
    }

    pub(crate) fn length(&self, name: &str) -> Option<u64> {
        std::fs::metadata(self.file(name)).ok().map(|facts| facts.len())
    }

    /// The model is there as it should be, and nothing half-done with it.
    pub(crate) fn holds(&self, content: &[u8]) {
        let path = self.library.unchanged("m").unwrap();
        assert!(std::fs::read(path).unwrap() == content, "other bytes");
        let mut names: Vec<String> = std::fs::read_dir(self.folder.path().join("models"))
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["m.bin", "m.json", "m~lock"]);
    }

    pub(crate) fn holds_nothing(&self) {
        assert!(self.library.installed().unwrap().is_empty());
        assert!(!self.file("m.bin").exists());
    }
}

/// Stands in for the look into a model's file: nothing unsound begins so.
fn sound(path: &Path) -> Result<(), GgmlError> {
    let unsound = std::fs::read(path)?.starts_with(b"unsound");
    if unsound { Err(GgmlError::Magic) } else { Ok(()) }
}
