/** Properties are tried on the same random inputs each time, so that what is kept does not hang on luck; `test:full` tries new ones. */
import fc from "fast-check";

if (process.env["TFMC_RANDOM"] !== "new") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20261121 });
