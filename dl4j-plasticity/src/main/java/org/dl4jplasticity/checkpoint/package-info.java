/**
 * Checkpoints: a run that was stopped goes on as if nothing had happened, bit for bit. A {@link
 * org.dl4jplasticity.checkpoint.Checkpoint} is a file in DL4J's own format with one entry more, so
 * plain DL4J loads it as a model. The entry, {@code plasticity.json}, is a JSON document of what
 * DL4J doesn't know: the state of each {@link org.dl4jplasticity.checkpoint.ResumableTraining},
 * random state, {@link org.dl4jplasticity.checkpoint.DataOrder}, the journal's position, and
 * whatever else a run wants to find again. A {@link org.dl4jplasticity.checkpoint.CheckpointWriter}
 * is a listener that writes one every so often.
 *
 * <p>The document has these fields:
 *
 * <pre>
 * format        "dl4j-plasticity checkpoint"
 * version       1
 * project       version of this project that wrote it
 * network       class, iterations and epochs done
 * entries       SHA-256 of the content of each of DL4J's entries
 * architecture  for each layer its type and the shapes of its parameters, as if all were dense
 * topologies    for each sparse weight parameter, such as "0/W", the digest of its topology
 * trainings     for each training its class, its method with all settings, and its state
 * random        ND4J's random state: rootState, nodeState and seed
 * environment   what bitwise equality depends on: numbers of threads, kernels, backend
 * dataOrder     epoch, and batches of it that are done; absent if the run didn't tell
 * journal       bytes, sequence and check of the journal's position; absent if there is none
 * extras        the run's own
 * </pre>
 */
package org.dl4jplasticity.checkpoint;
