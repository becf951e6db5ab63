/**
 * What every command shares: the network as the experiments see it, the folder of a run, data and
 * backend, failures and how they are told.
 */
package org.dl4jplasticity.experiments.run;
