package dev.weir.benchmarks.load;

/**
 * One run of the streams-app over the topic.
 *
 * @param read when its input was committed to the end
 * @param sustained the same without the first third of the topic, and what it cost: the start of
 *     the JVM and most of its compilation
 * @param delivered when the receiver's counters also showed every span
 * @param labelSets label sets of calls that the receiver saw
 * @param samples samples that the receiver saw
 * @param requests remote-write requests
 * @param requestBytes of their bodies, compressed
 */
record AppRun(
    Measurement read,
    Measurement sustained,
    Measurement delivered,
    int labelSets,
    long samples,
    long requests,
    long requestBytes) {}
