/** Units that come and go while a network trains. */
package org.dl4jplasticity.growth;
