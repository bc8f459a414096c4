use bansos360::sample::{SampleOptions, generate};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let o = SampleOptions { rumah_tangga: a[1].parse().unwrap(), seed: a[2].parse().unwrap(), out: a[3].clone().into(), ..SampleOptions::default() };
    println!("{:?}", generate(&o));
}
