/**
 * Sparse times dense products on heap arrays, and what surrounds them in a layer.
 *
 * <p>Layout: activations are <em>feature-major</em>. The value of unit {@code u} for example {@code
 * b} stands at {@code FIRST + u * stride + b}; {@code stride} is the batch size rounded up to a
 * whole number of lanes, and the padding is kept such that it never reaches a result. Thus the
 * innermost loop of every kernel runs over neighbouring examples and has no tail, whatever the
 * batch.
 *
 * <p>{@link org.dl4jplasticity.kernel.FloatKernels} computes a range of rows on one thread and
 * checks nothing; {@link org.dl4jplasticity.kernel.FloatSparseOperations} is the front that divides
 * the rows among the cores. Each output element is the work of one row and summed in one order, so
 * results do not depend on the number of threads. The double twins of the float classes are
 * generated from them when the module is built.
 */
package org.dl4jplasticity.kernel;
