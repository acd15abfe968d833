package dev.weir.benchmarks.load;

/**
 * One run over the topic of a program that makes metrics of it: the streams-app, or Tempo.
 *
 * @param read when the streams-app's input was committed to the end, and when Tempo had counted
 *     every span as received
 * @param sustained the same without the first third of the topic, and what it cost: the start, and
 *     of a JVM most of its compilation
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
