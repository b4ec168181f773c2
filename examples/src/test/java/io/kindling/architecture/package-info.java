/** Rules that hold for all modules: who may depend on whom, and what every package brings. */
package io.kindling.architecture;
