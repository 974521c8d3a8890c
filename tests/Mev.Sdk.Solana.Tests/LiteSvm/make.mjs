// Makes a few transactions, executes them in-process, and writes each as one file of wire bytes: node make.mjs FOLDER
import { writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { FailedTransactionMetadata, LiteSVM } from "litesvm";
import { getTransferSolInstruction } from "@solana-program/system";
import * as kit from "@solana/kit";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const svm = new LiteSVM();
const payer = await kit.generateKeyPairSigner();
const second = await kit.generateKeyPairSigner();
const receivers = await Promise.all([1, 2, 3].map(() => kit.generateKeyPairSigner()));
for (const signer of [payer, second]) svm.airdrop(signer.address, kit.lamports(5_000_000_000n));

async function make(name, version, instructions, execute = true, change = (tx) => tx) {
  let message = kit.createTransactionMessage({ version });
  message = kit.setTransactionMessageFeePayerSigner(payer, message);
  message = svm.setTransactionMessageLifetimeUsingLatestBlockhash(message);
  message = kit.appendTransactionMessageInstructions(instructions, message);
  message = change(message);
  const transaction = await kit.signTransactionMessageWithSigners(message);
  const bytes = kit.getTransactionEncoder().encode(transaction);
  if (execute) {
    const result = svm.sendTransaction(transaction);
    if (result instanceof FailedTransactionMetadata) throw new Error(`${name}: ${result.err()}`);
  }
  writeFileSync(join(folder, `${name}.bin`), bytes);
}

const send = (source, to, amount) => getTransferSolInstruction({ source, destination: to.address, amount: kit.lamports(amount) });
await make("legacy", "legacy", [send(payer, receivers[0], 1_000_000_000n)]);
await make("v0", 0, [send(payer, receivers[0], 2_000_000n), send(payer, receivers[1], 1_000_000_000n)]);
await make("two-signers", 0, [send(payer, receivers[0], 3_000_000n), send(second, receivers[2], 1_000_000_000n)]);
await make("lookup", 0, [send(payer, receivers[0], 4_000_000n), send(payer, receivers[1], 5_000_000n)], false, (message) =>
  kit.compressTransactionMessageUsingAddressLookupTables(message, { [second.address]: [receivers[0].address, payer.address, receivers[1].address] }));

// Version 1 as this library's authors write it; the virtual machine has it switched off.
await make("v1", 1, [send(payer, receivers[0], 6_000_000n)], false);
await make("v1-config", 1, [send(payer, receivers[0], 7_000_000n), send(second, receivers[1], 8_000_000n)], false, (message) =>
  kit.setTransactionMessageComputeUnitLimit(250_000, kit.setTransactionMessagePriorityFeeLamports(12_345n, kit.setTransactionMessageHeapSize(65_536, message))));
