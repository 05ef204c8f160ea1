//! Speed of the chain against real time.
fn main() {
    divan::main();
}
