/// Reference data of Daejeon, taken from three public documents and cited by line, and a demonstration that is built on
/// it. Facts are used, sentences are not copied: every wording here is our own.
///
/// - A figure that a document leaves open is a `Figure.open`; it stays open through every sum.
/// - Where a scan or an author slipped, the correction says what was printed (`corrections`), and where the documents
///   contradict themselves both readings are kept (`discrepancies`).
/// - What was invented for the demonstration says `synthetic`, and what is later than the plan says so too.
public enum Daejeon {}
