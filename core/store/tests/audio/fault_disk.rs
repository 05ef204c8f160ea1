//! A disk in memory that knows what a power cut would leave, and that fails on request.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use confee_store::{Disk, DiskFile};
use fastrand::Rng;

#[derive(Clone, Default)]
pub(crate) struct FaultDisk(Arc<Mutex<State>>);

#[derive(Clone, Default)]
struct State {
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    inodes: Vec<Inode>,
    plan: Plan,
    /// Changes so far, by call.
    changes: u64,
    dead: bool,
}

/// What goes wrong.
#[derive(Clone, Default)]
pub(crate) struct Plan {
    /// The change during which the machine dies; writes are cut short.
    pub(crate) die_at: Option<u64>,
    /// How much of that last change happens: of a write so many bytes, of others all or nothing.
    pub(crate) last_bytes: usize,
    /// Bytes that all files may have together.
    pub(crate) capacity: Option<u64>,
    /// Whether files and folders refuse to sync.
    pub(crate) sync_fails: bool,
    /// What the system says is free.
    pub(crate) free: Option<u64>,
}

#[derive(Clone, Default)]
struct Inode {
    live: Vec<u8>,
    durable: Vec<u8>,
    /// What a failed sync made the system forget to write.
    forgotten: Range<usize>,
}

/// What a cut leaves of that which was not synced.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    /// All: only the process died.
    Process,
    /// Nothing.
    Power,
    /// Some names, some bytes, some zeros.
    Mixed(u64),
}

enum Fate {
    Whole,
    LastOfAll,
}

impl FaultDisk {
    pub(crate) fn plan(&self, change: impl FnOnce(&mut Plan)) {
        change(&mut self.state().plan);
    }

    pub(crate) fn changes(&self) -> u64 {
        self.state().changes
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.state().dead
    }

    pub(crate) fn bytes(&self, path: &Path) -> Vec<u8> {
        let state = self.state();
        state.inodes[state.names[path]].live.clone()
    }

    pub(crate) fn has(&self, path: &Path) -> bool {
        self.state().names.contains_key(path)
    }

    pub(crate) fn used(&self) -> u64 {
        self.state().used()
    }

    /// Puts a durable file there.
    pub(crate) fn put(&self, path: &Path, bytes: &[u8]) {
        let mut state = self.state();
        let inode = state.inodes.len();
        let (live, durable) = (bytes.to_vec(), bytes.to_vec());
        state.inodes.push(Inode { live, durable, forgotten: 0..0 });
        state.names.insert(path.to_owned(), inode);
        state.durable_names.insert(path.to_owned(), inode);
    }

    /// The disk that the next start finds.
    pub(crate) fn after(&self, cut: Cut) -> Self {
        let mut state = self.state().clone();
        (state.plan, state.changes, state.dead) = (Plan::default(), 0, false);
        match cut {
            Cut::Process => return Self(Arc::new(Mutex::new(state))),
            Cut::Power => {
                state.names = state.durable_names.clone();
                state.inodes.iter_mut().for_each(|i| i.live = i.durable.clone());
            }
            Cut::Mixed(seed) => state.mix(&mut Rng::with_seed(seed)),
        }
        state.durable_names = state.names.clone();
        state.inodes.iter_mut().for_each(|i| *i = i.settled());
        Self(Arc::new(Mutex::new(state)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let state = self.state();
        let inode = *state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(FaultFile { disk: self.clone(), inode }))
    }
}

impl State {
    /// Counts a change; an error where the machine is dead.
    fn change(&mut self) -> io::Result<Fate> {
        if self.dead {
            return Err(io::Error::other("dead"));
        }
        self.changes += 1;
        self.dead = self.plan.die_at == Some(self.changes);
        Ok(if self.dead { Fate::LastOfAll } else { Fate::Whole })
    }

    /// A change that happens at once or not at all.
    fn change_at_once(&mut self, work: impl FnOnce(&mut Self)) -> io::Result<()> {
        let fate = self.change()?;
        if matches!(fate, Fate::Whole) || self.plan.last_bytes > 0 {
            work(self);
        }
        if self.dead { Err(io::Error::other("dead")) } else { Ok(()) }
    }

    fn used(&self) -> u64 {
        let inodes: BTreeSet<usize> = self.names.values().copied().collect();
        inodes.iter().map(|i| self.inodes[*i].live.len() as u64).sum()
    }

    fn mix(&mut self, random: &mut Rng) {
        let names: BTreeSet<PathBuf> =
            self.names.keys().chain(self.durable_names.keys()).cloned().collect();
        for name in names {
            let source = if random.bool() { &self.names } else { &self.durable_names };
            match source.get(&name).copied() {
                Some(inode) => self.names.insert(name, inode),
                None => self.names.remove(&name),
            };
        }
        for inode in &mut self.inodes {
            inode.mix(random);
        }
    }
}

impl Inode {
    fn settled(&self) -> Self {
        Self { live: self.live.clone(), durable: self.live.clone(), forgotten: 0..0 }
    }

    fn mix(&mut self, random: &mut Rng) {
        if !self.live.starts_with(&self.durable) {
            if random.bool() {
                self.live.clone_from(&self.durable);
            }
            return;
        }
        let (from, to) = (self.durable.len(), self.live.len());
        let kept = random.usize(from..=to);
        match random.u8(0..3) {
            0 => self.live.truncate(kept),
            1 => self.live[kept..].fill(0),
            _ => {
                let hole = random.usize(from..=kept)..kept;
                self.live[hole].fill(0);
            }
        }
    }
}

impl Disk for FaultDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        if self.has(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.state().change_at_once(|state| {
            state.names.insert(path.to_owned(), state.inodes.len());
            state.inodes.push(Inode::default());
        })?;
        self.open(path)
    }

    fn open_append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.open(path)
    }

    fn open_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.state().change_at_once(|state| {
            let inode = state.names.remove(from).unwrap();
            state.names.insert(to.to_owned(), inode);
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        if !self.has(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        self.state().change_at_once(|state| {
            state.names.remove(path);
        })
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        let inside = state.names.keys().filter(|p| p.parent() == Some(folder));
        Ok(inside.map(|p| p.file_name().unwrap().to_str().unwrap().to_owned()).collect())
    }

    fn create_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn sync_dir(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.state();
        if state.plan.sync_fails {
            return Err(io::Error::other("the folder does not sync"));
        }
        state.change_at_once(|state| {
            state.durable_names.retain(|p, _| p.parent() != Some(folder));
            let inside = state.names.iter().filter(|(p, _)| p.parent() == Some(folder));
            state.durable_names.extend(inside.map(|(p, i)| (p.clone(), *i)));
        })
    }

    fn free_bytes(&self, _: &Path) -> io::Result<u64> {
        Ok(self.state().plan.free.unwrap_or(u64::MAX))
    }

    fn now_ms(&self) -> i64 {
        1_780_000_000_000
    }
}

struct FaultFile {
    disk: FaultDisk,
    inode: usize,
}

impl DiskFile for FaultFile {
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let state = self.disk.state();
        let bytes = &state.inodes[self.inode].live;
        let bytes = bytes.get(offset as usize..).unwrap_or_default();
        let count = bytes.len().min(buffer.len());
        buffer[..count].copy_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        let fate = state.change()?;
        let space = state.plan.capacity.map_or(u64::MAX, |c| c.saturating_sub(state.used()));
        let mut count = bytes.len().min(usize::try_from(space).unwrap_or(usize::MAX));
        if matches!(fate, Fate::LastOfAll) {
            count = count.min(state.plan.last_bytes);
        }
        state.inodes[self.inode].live.extend_from_slice(&bytes[..count]);
        match fate {
            Fate::LastOfAll => Err(io::Error::other("dead")),
            Fate::Whole if count < bytes.len() => Err(io::ErrorKind::StorageFull.into()),
            Fate::Whole => Ok(()),
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.disk.state();
        let fails = state.plan.sync_fails;
        if fails {
            let inode = &mut state.inodes[self.inode];
            inode.forgotten = inode.durable.len().min(inode.live.len())..inode.live.len();
            return Err(io::Error::other("the file does not sync"));
        }
        state.change_at_once(|state| {
            let inode = &mut state.inodes[self.inode];
            inode.durable.clone_from(&inode.live);
            let end = inode.forgotten.end.min(inode.durable.len());
            let start = inode.forgotten.start.min(end);
            inode.durable[start..end].fill(0);
        })
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        let mut state = self.disk.state();
        state.change_at_once(|state| {
            let inode = &mut state.inodes[self.inode];
            inode.live.truncate(length as usize);
            inode.forgotten.end = inode.forgotten.end.min(length as usize);
        })
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.disk.state().inodes[self.inode].live.len() as u64)
    }
}
