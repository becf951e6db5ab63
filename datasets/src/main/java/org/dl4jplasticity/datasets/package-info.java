/**
 * Labelled examples to train on: finding, fetching and reading MNIST, Fashion-MNIST, CIFAR-10 and
 * CSV files.
 *
 * <p>{@link org.dl4jplasticity.datasets.DatasetCatalog} turns a name such as {@code mnist-sample}
 * or {@code csv:iris.csv} into a {@link org.dl4jplasticity.datasets.TrainTest} of two {@link
 * org.dl4jplasticity.datasets.LabeledExamples}, looking in the usual folders first and letting
 * {@link org.dl4jplasticity.datasets.DatasetFetcher} download what is missing. The readers ({@link
 * org.dl4jplasticity.datasets.IdxReader}, {@link org.dl4jplasticity.datasets.Cifar10Reader}, {@link
 * org.dl4jplasticity.datasets.CsvReader}) work alone on any file of their format, and two of them
 * are also there as DataVec record readers. Everything is held in memory in the files' own
 * precision and turned into floats batch by batch. Whatever is wrong with a file is told in one
 * sentence by a {@link org.dl4jplasticity.datasets.DataException}. Nothing here draws from a global
 * random generator, and no file of the user's is ever changed or deleted.
 */
package org.dl4jplasticity.datasets;
