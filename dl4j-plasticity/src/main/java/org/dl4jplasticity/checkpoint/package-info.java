/**
 * Checkpoints: a run that was stopped goes on as if nothing had happened, bit for bit. A {@link
 * org.dl4jplasticity.checkpoint.ResumableTraining} is a method whose state a checkpoint keeps.
 */
package org.dl4jplasticity.checkpoint;
