/**
 * The journal of structural mutations: what a run did to the shape of its network, in order. A
 * {@link org.dl4jplasticity.journal.MutationJournal} appends each {@link
 * org.dl4jplasticity.journal.Mutation} to a file as it happens, one JSON line chained to the line
 * before it; a {@link org.dl4jplasticity.journal.JournalReader} reads the lines back and names the
 * first that isn't as it was written; and {@link org.dl4jplasticity.journal.Replay} rebuilds from
 * the first topologies those of any later moment, confirming every digest on the way. A checkpoint
 * records the journal's {@link org.dl4jplasticity.journal.Position}, and a resumed run goes on from
 * there.
 *
 * <p>A line is a JSON object with exactly these fields, in this order, ended by a newline and all
 * in ASCII:
 *
 * <pre>
 * version    1
 * sequence   the number of mutations before this one in the journal; the line's number less 1
 * iteration  iterations the network had done
 * epoch      epochs the network had done
 * kind       one word: rewire, prune, grow, ...
 * weights    the weight matrix, for example "0/W"
 * dropped    the connections dropped, as the text of ConnectionIds
 * grown      the connections grown, likewise
 * seed       seed of what was random in the change
 * scores     an object of numbers that led to the change; those that no JSON number can be are
 *            the texts "NaN", "Infinity" and "-Infinity"
 * before     digest of the topology before the change
 * after      digest of the topology after it
 * check      first 16 hexadecimal digits of the SHA-256 of the check of the line before (of sixteen
 *            zeros in the first line) and the bytes of this line up to the comma before this field
 * </pre>
 *
 * <p>The version is the first field and the check the last, computed alike, in every version. The
 * chain finds a journal that was damaged; a journal that someone wrote anew, checks and all, is
 * found by the digests and by the check that a checkpoint holds.
 */
package org.dl4jplasticity.journal;
