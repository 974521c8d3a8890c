// mev_engine_stream.hpp: the engine's side of the Mev.Sdk engine stream, version 1. One header, C++17, no dependency.
//
// Include it, start a mev::Publisher, publish records from the thread that makes them: native/README.md shows how in twenty lines and
// explains threads, policies and keys; docs/wire-format.md specifies every byte. native/mev-engine-stream.xml describes the
// messages as an SBE 1.0 schema, and tests hold this header equal to it.
//
// Contents
//   1. constants, enumerations and the struct of every message; a struct is laid over the bytes, so each offset is asserted
//   2. CRC-32C
//   3. FrameWriter, FrameReader, BodyReader: the codec; it allocates nothing and throws nothing
//   4. SHA-256 and HMAC-SHA256, for the proof of a shared key
//   5. Publisher: ring, retention, sessions, control channel
//
// Parts 1 to 4 compile everywhere; part 5 needs POSIX sockets (Linux, macOS) and is left out on Windows.
// The header compiles with and without exceptions and RTTI.
#ifndef MEV_ENGINE_STREAM_HPP
#define MEV_ENGINE_STREAM_HPP

#if defined(_MSVC_LANG) ? _MSVC_LANG < 201703L : __cplusplus < 201703L
#error "mev_engine_stream.hpp needs C++17: compile with -std=c++17 or later"
#endif
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "mev_engine_stream.hpp lays structs over little-endian bytes; this machine is big-endian"
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#include <immintrin.h>
#define MEV_CRC_X86 1
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#define MEV_CRC_ARM 1
#endif

namespace mev {

// ---------------------------------------------------------------------------------------------------------------------------------
// 1. Messages
// ---------------------------------------------------------------------------------------------------------------------------------

/// Schema id in every frame: "MS" read as a little-endian number.
inline constexpr std::uint16_t SchemaId = 0x4D53;
/// The schema version that this header writes.
inline constexpr std::uint16_t SchemaVersion = 1;
/// Frames, fixed blocks and group entries are multiples of this many bytes.
inline constexpr std::size_t Alignment = 8;
/// Bytes of a group's dimension.
inline constexpr std::size_t GroupDimensionSize = 8;
/// Bytes of a variable-length field's length.
inline constexpr std::size_t DataLengthSize = 4;
/// The longest frame that a host accepts unless it is configured otherwise, bytes.
inline constexpr std::size_t DefaultMaxFrameBytes = std::size_t{8} << 20;
/// The first template id that is no record's.
inline constexpr std::uint16_t FirstSessionTemplate = 64;
/// Records that a host may ask for in one replay request.
inline constexpr std::uint64_t MaxReplayRecords = 65536;
/// Shortest shared key, bytes.
inline constexpr std::size_t MinKeyBytes = 16;

/// An account address.
struct Pubkey {
  std::uint8_t bytes[32]{};
};

/// A transaction signature.
struct Signature {
  std::uint8_t bytes[64]{};
};

/// A nonce or a message authentication code.
struct Bytes32 {
  std::uint8_t bytes[32]{};
};

/// Opaque id of a parameter update.
struct UpdateId {
  std::uint8_t bytes[16]{};
};

/// Marks the enumerations that are sets of flags, so that |, & and ~ work on them.
template <class T>
struct IsFlagSet : std::false_type {};

template <class T, std::enable_if_t<IsFlagSet<T>::value, int> = 0>
constexpr T operator|(T a, T b) noexcept {
  using U = std::underlying_type_t<T>;
  return static_cast<T>(static_cast<U>(static_cast<U>(a) | static_cast<U>(b)));
}

template <class T, std::enable_if_t<IsFlagSet<T>::value, int> = 0>
constexpr T operator&(T a, T b) noexcept {
  using U = std::underlying_type_t<T>;
  return static_cast<T>(static_cast<U>(static_cast<U>(a) & static_cast<U>(b)));
}

template <class T, std::enable_if_t<IsFlagSet<T>::value, int> = 0>
constexpr T& operator|=(T& a, T b) noexcept {
  return a = a | b;
}

/// Whether a set of flags holds all of `wanted`.
template <class T, std::enable_if_t<IsFlagSet<T>::value, int> = 0>
constexpr bool has(T flags, T wanted) noexcept {
  return (flags & wanted) == wanted;
}

// Bytes that a compiler moved would be wrong bytes on the wire: size and offset of every field are part of the contract.
#define MEV_LAYOUT(Type, Size)                                                     \
  static_assert(sizeof(Type) == (Size), #Type " must have the size of the schema"); \
  static_assert(std::is_trivially_copyable<Type>::value && std::is_standard_layout<Type>::value && (Size) % 8 == 0, #Type)
#define MEV_AT(Type, Field, Offset) static_assert(offsetof(Type, Field) == (Offset), #Type "::" #Field)

/// The 32 bytes in front of every message; docs/wire-format.md, "Frame".
struct FrameHeader {
  std::uint32_t length{};        ///< Bytes of the whole frame with header and padding; a multiple of 8.
  std::uint32_t crc32c{};        ///< CRC-32C over bytes 0-3 and 8 to the end.
  std::uint64_t sequence{};      ///< Number of the record within its session, from 1; a session frame carries that of the last record before it.
  std::uint64_t engine_time{};   ///< Sender's clock when the frame was made, nanoseconds since the Unix epoch; 0 = unknown.
  std::uint16_t block_length{};  ///< Bytes of the fixed block as its writer knew it.
  std::uint16_t template_id{};   ///< Which message: the TemplateId of its struct.
  std::uint16_t schema_id{};     ///< SchemaId.
  std::uint16_t version{};       ///< Schema version of the writer.
};
MEV_LAYOUT(FrameHeader, 32);
MEV_AT(FrameHeader, length, 0); MEV_AT(FrameHeader, crc32c, 4); MEV_AT(FrameHeader, sequence, 8); MEV_AT(FrameHeader, engine_time, 16);
MEV_AT(FrameHeader, block_length, 24); MEV_AT(FrameHeader, template_id, 26); MEV_AT(FrameHeader, schema_id, 28); MEV_AT(FrameHeader, version, 30);

/// 8 bytes in front of a group's entries.
struct GroupDimension {
  std::uint16_t block_length{};         ///< Bytes of an entry.
  std::uint16_t num_in_group{};         ///< Entries.
  std::uint16_t num_groups{};           ///< 0 in version 1.
  std::uint16_t num_var_data_fields{};  ///< 0 in version 1.
};
MEV_LAYOUT(GroupDimension, 8);

/// What became of a gap; stable on the wire and on disk.
enum class GapState : std::uint32_t {
  Open = 0,  ///< Still missing; may yet be replayed.
  Healed = 1,  ///< Replayed since.
  Final = 2,  ///< Cannot be had any more.
};

/// Why a stream ended in order; stable on the wire.
enum class GoodbyeCode : std::uint32_t {
  Unspecified = 0,  ///< No reason given.
  EndOfStream = 1,  ///< Everything there was has been sent, as at the end of a replayed file.
  ShuttingDown = 2,  ///< The engine shuts down; another session will follow.
  ProtocolError = 3,  ///< The peer broke the protocol; the reason says how.
  Refused = 4,  ///< The host refuses the stream, as when simulated records meet a directory of real ones; the reason says why.
  Unauthorized = 5,  ///< The peer did not prove that it has the key.
  TooSlow = 6,  ///< The peer took nothing, or said nothing, for longer than is allowed.
  Busy = 7,  ///< As many peers are connected as are allowed.
};

/// Solana's InstructionError by stable id: the variant's index in its Rust enum plus one; stable on the wire and on disk.
enum class InstructionErrorCode : std::uint16_t {
  None = 0,  ///< Not an instruction's error.
  GenericError = 1,
  InvalidArgument = 2,
  InvalidInstructionData = 3,
  InvalidAccountData = 4,
  AccountDataTooSmall = 5,
  InsufficientFunds = 6,
  IncorrectProgramId = 7,
  MissingRequiredSignature = 8,
  AccountAlreadyInitialized = 9,
  UninitializedAccount = 10,
  UnbalancedInstruction = 11,
  ModifiedProgramId = 12,
  ExternalAccountLamportSpend = 13,
  ExternalAccountDataModified = 14,
  ReadonlyLamportChange = 15,
  ReadonlyDataModified = 16,
  DuplicateAccountIndex = 17,
  ExecutableModified = 18,
  RentEpochModified = 19,
  NotEnoughAccountKeys = 20,
  AccountDataSizeChanged = 21,
  AccountNotExecutable = 22,
  AccountBorrowFailed = 23,
  AccountBorrowOutstanding = 24,
  DuplicateAccountOutOfSync = 25,
  Custom = 26,
  InvalidError = 27,
  ExecutableDataModified = 28,
  ExecutableLamportChange = 29,
  ExecutableAccountNotRentExempt = 30,
  UnsupportedProgramId = 31,
  CallDepth = 32,
  MissingAccount = 33,
  ReentrancyNotAllowed = 34,
  MaxSeedLengthExceeded = 35,
  InvalidSeeds = 36,
  InvalidRealloc = 37,
  ComputationalBudgetExceeded = 38,
  PrivilegeEscalation = 39,
  ProgramEnvironmentSetupFailure = 40,
  ProgramFailedToComplete = 41,
  ProgramFailedToCompile = 42,
  Immutable = 43,
  IncorrectAuthority = 44,
  BorshIoError = 45,
  AccountNotRentExempt = 46,
  InvalidAccountOwner = 47,
  ArithmeticOverflow = 48,
  UnsupportedSysvar = 49,
  IllegalOwner = 50,
  MaxAccountsDataAllocationsExceeded = 51,
  MaxAccountsExceeded = 52,
  MaxInstructionTraceLengthExceeded = 53,
  BuiltinProgramsMustConsumeComputeUnits = 54,
  Other = 65534,  ///< A variant this version does not know.
};

/// Properties of an opportunity; stable on the wire.
enum class OpportunityFlags : std::uint32_t {
  None = 0,
  Simulated = 1u << 0,  ///< Comes from a simulated market.
  Observed = 1u << 1,  ///< Found by an inspector in what already happened on chain, not by an engine before it happened.
  Executed = 1u << 2,  ///< It was executed.
  Succeeded = 1u << 3,  ///< It was executed and paid.
};
template <> struct IsFlagSet<OpportunityFlags> : std::true_type {};

/// Kinds of opportunity; stable on the wire and on disk.
enum class OpportunityKind : std::uint16_t {
  Unknown = 0,  ///< Not stated.
  Arbitrage = 1,  ///< Closed cycle of swaps.
  Sandwich = 2,  ///< Swaps around a victim; detected, never acted on.
  Liquidation = 3,  ///< A loan that may be liquidated.
  Backrun = 4,  ///< An arbitrage opened by the transaction just before.
  JitLiquidity = 5,  ///< Liquidity added around somebody's swap.
};

/// How an opportunity ended; stable on the wire and on disk.
enum class OutcomeStatus : std::uint32_t {
  Unknown = 0,  ///< Not stated.
  Succeeded = 1,  ///< Landed and paid.
  Failed = 2,  ///< Landed and failed; the fee was still paid.
  Dropped = 3,  ///< Sent and not landed.
  LostToRival = 4,  ///< Taken by somebody else.
  Declined = 5,  ///< Not sent, by decision.
};

/// How far a transaction or a slot has come; stable on the wire and on disk.
enum class SightingStage : std::uint8_t {
  Unknown = 0,  ///< Not stated.
  Pending = 1,  ///< Seen before it was in a block.
  Processed = 2,  ///< In a block that a node has processed.
  Confirmed = 3,  ///< In a block that two thirds of the stake voted for.
  Finalized = 4,  ///< In a rooted block; cannot be undone.
  Dropped = 5,  ///< Ended without a block: its blockhash expired.
  Forked = 6,  ///< Its block was abandoned.
};

/// Properties of an engine's whole stream; stable on the wire.
enum class StreamFlags : std::uint32_t {
  None = 0,
  Simulated = 1u << 0,  ///< The records are simulated; a host keeps them apart from real ones.
  Authenticated = 1u << 1,  ///< A challenge follows the hello, and nothing is sent before it was answered.
  Replays = 1u << 2,  ///< The engine answers replay requests.
  TakesParameters = 1u << 3,  ///< The engine takes parameter updates and answers them.
  TakesScores = 1u << 4,  ///< The engine takes scores of opportunities.
};
template <> struct IsFlagSet<StreamFlags> : std::true_type {};

/// Properties of a swap; stable on the wire.
enum class SwapFlags : std::uint16_t {
  None = 0,
  Routed = 1u << 0,  ///< An aggregator routed it; the outer program is the aggregator.
  FromTokenMovements = 1u << 1,  ///< Recognised from token movements alone: the program is not a known venue.
};
template <> struct IsFlagSet<SwapFlags> : std::true_type {};

/// Solana's TransactionError by stable id: the variant's index in its Rust enum plus one; stable on the wire and on disk.
enum class TransactionErrorCode : std::uint16_t {
  None = 0,  ///< It did not fail.
  AccountInUse = 1,
  AccountLoadedTwice = 2,
  AccountNotFound = 3,
  ProgramAccountNotFound = 4,
  InsufficientFundsForFee = 5,
  InvalidAccountForFee = 6,
  AlreadyProcessed = 7,
  BlockhashNotFound = 8,
  InstructionError = 9,
  CallChainTooDeep = 10,
  MissingSignatureForFee = 11,
  InvalidAccountIndex = 12,
  SignatureFailure = 13,
  InvalidProgramForExecution = 14,
  SanitizeFailure = 15,
  ClusterMaintenance = 16,
  AccountBorrowOutstanding = 17,
  WouldExceedMaxBlockCostLimit = 18,
  UnsupportedVersion = 19,
  InvalidWritableAccount = 20,
  WouldExceedMaxAccountCostLimit = 21,
  WouldExceedAccountDataBlockLimit = 22,
  TooManyAccountLocks = 23,
  AddressLookupTableNotFound = 24,
  InvalidAddressLookupTableOwner = 25,
  InvalidAddressLookupTableData = 26,
  InvalidAddressLookupTableIndex = 27,
  InvalidRentPayingAccount = 28,
  WouldExceedMaxVoteCostLimit = 29,
  WouldExceedAccountDataTotalLimit = 30,
  DuplicateInstruction = 31,
  InsufficientFundsForRent = 32,
  MaxLoadedAccountsDataSizeExceeded = 33,
  InvalidLoadedAccountsDataSizeLimit = 34,
  ResanitizationNeeded = 35,
  ProgramExecutionTemporarilyRestricted = 36,
  UnbalancedTransaction = 37,
  ProgramCacheHitMaxLimit = 38,
  CommitCancelled = 39,
  Other = 65534,  ///< A variant this version does not know.
};

/// Properties of a transaction; stable on the wire.
enum class TransactionFlags : std::uint32_t {
  None = 0,
  Failed = 1u << 0,  ///< It was executed and failed; it still paid its fee.
  Vote = 1u << 1,  ///< A simple vote: its only program is the vote program.
  HasMeta = 1u << 2,  ///< The status meta was there at the first sighting.
  Simulated = 1u << 3,  ///< Generated by a simulated market.
  WireMissing = 1u << 4,  ///< The wire bytes could not be rebuilt from the source's rendering and are empty; all other fields hold.
};
template <> struct IsFlagSet<TransactionFlags> : std::true_type {};

/// Trading venues by stable id; stable on the wire and on disk.
enum class VenueId : std::uint16_t {
  Unknown = 0,  ///< Not a known venue.
  RaydiumV4 = 1,  ///< Raydium AMM v4 (constant product).
  RaydiumClmm = 2,  ///< Raydium concentrated liquidity.
  RaydiumCpmm = 3,  ///< Raydium CPMM.
  OrcaWhirlpool = 4,  ///< Orca Whirlpool.
  MeteoraDlmm = 5,  ///< Meteora DLMM.
  PumpFun = 6,  ///< Pump.fun bonding curve.
  PumpSwap = 7,  ///< PumpSwap AMM.
  JupiterV6 = 8,  ///< Jupiter v6, an aggregator: never the venue of a leg, only of a route.
  MeteoraDammV1 = 9,  ///< Meteora's dynamic pools, version 1.
  MeteoraDammV2 = 10,  ///< Meteora's dynamic pools, version 2.
  RaydiumLaunchLab = 11,  ///< Raydium LaunchLab bonding curve.
  RaydiumStable = 12,  ///< Raydium stable AMM.
  OrcaTokenSwap = 13,  ///< Orca's token-swap pools before Whirlpool.
  Saber = 14,  ///< Saber stable pools.
  Mercurial = 15,  ///< Mercurial stable pools.
  Phoenix = 16,  ///< Phoenix order books.
  OpenBookV2 = 17,  ///< OpenBook, version 2.
  Manifest = 18,  ///< Manifest order books.
  LifinityV2 = 19,  ///< Lifinity, version 2.
  GooseFxGamma = 20,  ///< GooseFX GAMMA.
  DefiTunaFusion = 21,  ///< DefiTuna Fusion AMM.
  Byreal = 22,  ///< Byreal concentrated liquidity.
  PancakeSwapClmm = 23,  ///< PancakeSwap concentrated liquidity.
  SolFi = 24,  ///< SolFi.
  SolFiV2 = 25,  ///< SolFi, version 2.
  HumidiFi = 26,  ///< HumidiFi.
  ZeroFi = 27,  ///< ZeroFi.
  GoonFi = 28,  ///< GoonFi.
  TesseraV = 29,  ///< Tessera V.
  BisonFi = 30,  ///< BisonFi.
  AlphaQ = 31,  ///< AlphaQ.
  Aquifer = 32,  ///< Aquifer.
  Scorch = 33,  ///< Scorch.
  MeteoraDbc = 34,  ///< Meteora dynamic bonding curve.
  Moonshot = 35,  ///< Moonshot.
  Boop = 36,  ///< Boop.
  Heaven = 37,  ///< Heaven.
  Stabble = 38,  ///< Stabble, stable and weighted pools.
  FluxBeam = 39,  ///< FluxBeam.
  BonkSwap = 40,  ///< BonkSwap.
  Vertigo = 41,  ///< Vertigo.
};

/// Properties of an account; stable on the wire and on disk.
enum class AccountFlags : std::uint8_t {
  None = 0,
  Executable = 1u << 0,  ///< The account is a program.
  Startup = 1u << 1,  ///< Sent with a snapshot at start-up, not because it was written.
};
template <> struct IsFlagSet<AccountFlags> : std::true_type {};

/// How a node of the cluster fares; stable on the wire and on disk.
enum class NodeHealth : std::uint16_t {
  Unknown = 0,  ///< Not asked.
  Healthy = 1,  ///< Answers and is near the tip.
  Behind = 2,  ///< Answers, but is behind the tip.
  Delinquent = 3,  ///< The cluster counts it as delinquent: it has not voted for a while.
  Unreachable = 4,  ///< Does not answer.
};

/// Properties of a strategy; stable on the wire and on disk.
enum class StrategyFlags : std::uint16_t {
  None = 0,
  Enabled = 1u << 0,  ///< It acts on what it sees.
  Shadow = 1u << 1,  ///< It decides, but sends nothing.
};
template <> struct IsFlagSet<StrategyFlags> : std::true_type {};

/// Properties of a label; stable on the wire and on disk.
enum class LabelFlags : std::uint16_t {
  None = 0,
  Suspect = 1u << 0,  ///< It fits no rule and waits for a person.
  Confirmed = 1u << 1,  ///< A person confirmed it.
  Retracted = 1u << 2,  ///< A later look found it wrong; it stays for the record.
};
template <> struct IsFlagSet<LabelFlags> : std::true_type {};

/// What a leg was in a label; stable on the wire and on disk.
enum class LabelRole : std::uint16_t {
  Unknown = 0,  ///< Not stated.
  Whole = 1,  ///< The leg is the whole of it, as with an atomic arbitrage.
  Front = 2,  ///< Before the victim.
  Victim = 3,  ///< The one acted on.
  Back = 4,  ///< Behind the victim, or behind the trigger.
  Trigger = 5,  ///< What opened the chance.
};

/// Where a parameter update stands; stable on the wire and on disk.
enum class ParameterState : std::uint16_t {
  Unspecified = 0,  ///< Not stated.
  Requested = 1,  ///< Asked for; not answered yet.
  Applied = 2,  ///< In force since the engine said so.
  Rejected = 3,  ///< The engine refused it; the reason says why.
  Superseded = 4,  ///< A newer revision of the same strategy came first; it was not applied.
  Expired = 5,  ///< Its time ran out before the engine answered.
};

/// How an audited action ended; stable on the wire and on disk.
enum class AuditOutcome : std::uint16_t {
  Unspecified = 0,  ///< Not stated.
  Succeeded = 1,  ///< It was done.
  Denied = 2,  ///< It was not allowed.
  Failed = 3,  ///< It was tried and failed.
};

/// Why records are missing; stable on the wire and on disk.
enum class GapCause : std::uint32_t {
  Unspecified = 0,  ///< Not stated.
  Skipped = 1,  ///< The stream jumped over them.
  NotRetained = 2,  ///< The engine no longer had them when they were asked for.
  Dropped = 3,  ///< The engine dropped them itself: its ring was full and its policy is not to wait.
  Unanswered = 4,  ///< They were asked for again, and the engine did not answer.
  NeverMet = 5,  ///< They were sent in a session that ended before the host came back.
  EndUnknown = 6,  ///< The session ended without a goodbye and another one followed: how far it went is not known.
};

/// What the deployed policy chose for an opportunity; stable on the wire.
enum class ScoreDecision : std::uint32_t {
  None = 0,  ///< The score is a hint; no choice was made.
  Act = 1,  ///< Take it.
  Decline = 2,  ///< Leave it.
};

/// One swap that a transaction executed: a leg on one pool, never an aggregator's whole route.
struct SwapEntry {
  Pubkey program{};  ///< The program that executed the swap.
  Pubkey pool{};  ///< The pool, market or bonding curve; zero = unknown.
  Pubkey trader{};  ///< Whose tokens were swapped: the authority of the transfer in.
  Pubkey mint_in{};  ///< Mint of what the trader gave; wrapped SOL's mint for native SOL.
  Pubkey mint_out{};  ///< Mint of what the trader got.
  std::uint64_t amount_in{};  ///< What the trader gave, base units of MintIn.
  std::uint64_t amount_out{};  ///< What the trader got, base units of MintOut.
  std::uint64_t minimum_amount_out{};  ///< The least the trader would have accepted, base units of MintOut; 0 = not stated by the instruction.
  std::uint64_t reserve_in_before{};  ///< The pool's balance of MintIn before the transaction, base units; 0 = unknown.
  std::uint64_t reserve_out_before{};  ///< The pool's balance of MintOut before the transaction, base units; 0 = unknown.
  std::uint16_t outer_instruction{};  ///< Outer instruction it happened in, from 0.
  std::uint16_t inner_instruction{};  ///< Inner instruction within the outer one, from 0; 65,535 = it was the outer instruction itself.
  VenueId venue{};  ///< Known venue, or Unknown.
  SwapFlags flags{};  ///< Properties; see SwapFlags.
  std::uint8_t decimals_in{};  ///< Decimals of MintIn.
  std::uint8_t decimals_out{};  ///< Decimals of MintOut.
  std::uint16_t reserved1{};  ///< Reserved; 0.
  std::uint32_t reserved2{};  ///< Reserved; 0.
  std::uint64_t reserved3{};  ///< Reserved; 0.
};
MEV_LAYOUT(SwapEntry, 224);
MEV_AT(SwapEntry, program, 0); MEV_AT(SwapEntry, pool, 32); MEV_AT(SwapEntry, trader, 64); MEV_AT(SwapEntry, mint_in, 96);
MEV_AT(SwapEntry, mint_out, 128); MEV_AT(SwapEntry, amount_in, 160); MEV_AT(SwapEntry, amount_out, 168); MEV_AT(SwapEntry, minimum_amount_out, 176);
MEV_AT(SwapEntry, reserve_in_before, 184); MEV_AT(SwapEntry, reserve_out_before, 192); MEV_AT(SwapEntry, outer_instruction, 200);
MEV_AT(SwapEntry, inner_instruction, 202); MEV_AT(SwapEntry, venue, 204); MEV_AT(SwapEntry, flags, 206); MEV_AT(SwapEntry, decimals_in, 208);
MEV_AT(SwapEntry, decimals_out, 209); MEV_AT(SwapEntry, reserved1, 210); MEV_AT(SwapEntry, reserved2, 212); MEV_AT(SwapEntry, reserved3, 216);

/// One sighting of a Solana transaction. Groups: swaps. Variable data: wire (the transaction's bytes), meta (its status meta).
struct TransactionRecord {
  static constexpr std::uint16_t TemplateId = 1;
  Signature signature{};  ///< The first signature: the transaction's identity on chain.
  Pubkey payer{};  ///< The account that pays the fee: the first account key.
  std::uint64_t slot{};  ///< Slot of the block, or for a pending sighting the slot it was seen in.
  std::int64_t block_time_seconds{};  ///< The block's production time as voted by the cluster, seconds since the Unix epoch; 0 = unknown.
  std::uint64_t fee_lamports{};  ///< Fee paid, base and priority together, lamports.
  std::uint64_t tip_lamports{};  ///< Lamports transferred to Jito tip accounts by outer and inner instructions; 0 = none.
  std::uint64_t compute_unit_price_micro_lamports{};  ///< Compute-unit price asked for, micro-lamports a compute unit; 0 = not set.
  std::uint32_t compute_unit_limit{};  ///< Compute-unit limit asked for, compute units; 0 = not set.
  std::uint32_t compute_units_consumed{};  ///< Compute units consumed; 0 = unknown.
  std::uint32_t index_in_block{};  ///< Position within its block, from 0; meaningless while pending.
  TransactionFlags flags{};  ///< Properties; see TransactionFlags.
  TransactionErrorCode error_code{};  ///< Why it failed; see TransactionErrorCode.
  std::uint8_t error_instruction{};  ///< Outer instruction that failed, from 0, when the error is an instruction's.
  SightingStage stage{};  ///< How final the sighting is; see SightingStage.
  std::uint32_t error_custom_code{};  ///< The program's own code when the error is Custom.
  InstructionErrorCode error_instruction_code{};  ///< Which instruction error it was, when ErrorCode is an instruction's.
  std::uint8_t message_format{};  ///< Message format: 0 = legacy, 1 = v0, 2 = v1.
  std::uint8_t signature_count{};  ///< Signatures the transaction carries.
  std::uint16_t instruction_count{};  ///< Outer instructions.
  std::uint16_t reserved1{};  ///< Reserved; 0.
  std::uint64_t reserved2{};  ///< Reserved; 0.
};
MEV_LAYOUT(TransactionRecord, 176);
MEV_AT(TransactionRecord, signature, 0); MEV_AT(TransactionRecord, payer, 64); MEV_AT(TransactionRecord, slot, 96);
MEV_AT(TransactionRecord, block_time_seconds, 104); MEV_AT(TransactionRecord, fee_lamports, 112); MEV_AT(TransactionRecord, tip_lamports, 120);
MEV_AT(TransactionRecord, compute_unit_price_micro_lamports, 128); MEV_AT(TransactionRecord, compute_unit_limit, 136);
MEV_AT(TransactionRecord, compute_units_consumed, 140); MEV_AT(TransactionRecord, index_in_block, 144); MEV_AT(TransactionRecord, flags, 148);
MEV_AT(TransactionRecord, error_code, 152); MEV_AT(TransactionRecord, error_instruction, 154); MEV_AT(TransactionRecord, stage, 155);
MEV_AT(TransactionRecord, error_custom_code, 156); MEV_AT(TransactionRecord, error_instruction_code, 160);
MEV_AT(TransactionRecord, message_format, 162); MEV_AT(TransactionRecord, signature_count, 163); MEV_AT(TransactionRecord, instruction_count, 164);
MEV_AT(TransactionRecord, reserved1, 166); MEV_AT(TransactionRecord, reserved2, 168);

/// A chance to earn that an engine or an inspector saw. Variable data: metadata (a JSON object in UTF-8, or empty).
struct OpportunityRecord {
  static constexpr std::uint16_t TemplateId = 2;
  Signature trigger_signature{};  ///< Signature of the transaction that opened it, or that is it, as with an arbitrage seen on chain; zero = none.
  Pubkey pool{};  ///< The first pool involved; zero = unknown.
  Pubkey quote_mint{};  ///< The mint that the profit is counted in before it is valued in SOL; zero = unknown.
  std::uint64_t opportunity_id{};  ///< The engine's id of it, unique within a session; outcomes name it.
  std::uint64_t slot{};  ///< Slot it was seen in.
  std::uint64_t detected_nanoseconds{};  ///< When it was seen, nanoseconds since the Unix epoch by the engine's clock; 0 = unknown.
  std::int64_t expected_profit_lamports{};  ///< Expected profit before cost, lamports; may be negative.
  std::uint64_t expected_cost_lamports{};  ///< Expected cost, fee and tip together, lamports.
  std::uint64_t capital_lamports{};  ///< Capital it takes, lamports; 0 = unknown.
  double confidence{};  ///< The engine's own belief that it is real, 0 to 1; 0 = not stated.
  OpportunityKind kind{};  ///< What kind it is.
  std::uint16_t strategy_id{};  ///< Id of the strategy that saw it; 0 = an inspector of the host.
  OpportunityFlags flags{};  ///< Properties; see OpportunityFlags.
  std::uint64_t executed_nanoseconds{};  ///< When it was executed, nanoseconds since the Unix epoch; 0 = not, or not yet.
  std::uint64_t actual_cost_lamports{};  ///< What it cost when it was executed, lamports; 0 = unknown.
  std::uint64_t reserved{};  ///< Reserved; 0.
};
MEV_LAYOUT(OpportunityRecord, 216);
MEV_AT(OpportunityRecord, trigger_signature, 0); MEV_AT(OpportunityRecord, pool, 64); MEV_AT(OpportunityRecord, quote_mint, 96);
MEV_AT(OpportunityRecord, opportunity_id, 128); MEV_AT(OpportunityRecord, slot, 136); MEV_AT(OpportunityRecord, detected_nanoseconds, 144);
MEV_AT(OpportunityRecord, expected_profit_lamports, 152); MEV_AT(OpportunityRecord, expected_cost_lamports, 160);
MEV_AT(OpportunityRecord, capital_lamports, 168); MEV_AT(OpportunityRecord, confidence, 176); MEV_AT(OpportunityRecord, kind, 184);
MEV_AT(OpportunityRecord, strategy_id, 186); MEV_AT(OpportunityRecord, flags, 188); MEV_AT(OpportunityRecord, executed_nanoseconds, 192);
MEV_AT(OpportunityRecord, actual_cost_lamports, 200); MEV_AT(OpportunityRecord, reserved, 208);

/// How an opportunity ended. Variable data: reason (UTF-8, or empty).
struct OutcomeRecord {
  static constexpr std::uint16_t TemplateId = 3;
  Signature signature{};  ///< Signature of the transaction that took it; zero = none was sent.
  std::uint64_t opportunity_id{};  ///< OpportunityId of the same session.
  std::uint64_t slot{};  ///< Slot it ended in.
  std::uint64_t completed_nanoseconds{};  ///< When it ended, nanoseconds since the Unix epoch by the engine's clock; 0 = unknown.
  std::int64_t profit_lamports{};  ///< Profit before fee and tip, lamports; negative is a loss.
  std::uint64_t fee_lamports{};  ///< Fee paid, lamports.
  std::uint64_t tip_lamports{};  ///< Tip paid, lamports.
  OutcomeStatus status{};  ///< How it ended.
  std::uint32_t reserved{};  ///< Reserved; 0.
};
MEV_LAYOUT(OutcomeRecord, 120);
MEV_AT(OutcomeRecord, signature, 0); MEV_AT(OutcomeRecord, opportunity_id, 64); MEV_AT(OutcomeRecord, slot, 72);
MEV_AT(OutcomeRecord, completed_nanoseconds, 80); MEV_AT(OutcomeRecord, profit_lamports, 88); MEV_AT(OutcomeRecord, fee_lamports, 96);
MEV_AT(OutcomeRecord, tip_lamports, 104); MEV_AT(OutcomeRecord, status, 112); MEV_AT(OutcomeRecord, reserved, 116);

/// A block's frame: everything about it but its transactions.
struct BlockRecord {
  static constexpr std::uint16_t TemplateId = 4;
  Pubkey blockhash{};  ///< The block's hash.
  Pubkey previous_blockhash{};  ///< The parent's hash.
  Pubkey leader{};  ///< The leader that produced it; zero = unknown.
  std::uint64_t slot{};  ///< Its slot.
  std::uint64_t parent_slot{};  ///< The parent's slot.
  std::uint64_t block_height{};  ///< Blocks below it; 0 = unknown.
  std::int64_t block_time_seconds{};  ///< Production time as voted by the cluster, seconds since the Unix epoch; 0 = unknown.
  std::uint32_t transaction_count{};  ///< Transactions that the source delivered with it.
  SightingStage stage{};  ///< How final it was when it was seen.
  std::uint8_t padding1_[3]{};
  std::uint64_t reserved{};  ///< Reserved; 0.
};
MEV_LAYOUT(BlockRecord, 144);
MEV_AT(BlockRecord, blockhash, 0); MEV_AT(BlockRecord, previous_blockhash, 32); MEV_AT(BlockRecord, leader, 64); MEV_AT(BlockRecord, slot, 96);
MEV_AT(BlockRecord, parent_slot, 104); MEV_AT(BlockRecord, block_height, 112); MEV_AT(BlockRecord, block_time_seconds, 120);
MEV_AT(BlockRecord, transaction_count, 128); MEV_AT(BlockRecord, stage, 132); MEV_AT(BlockRecord, reserved, 136);

/// An account as of a write. Variable data: data (the account's bytes).
struct AccountRecord {
  static constexpr std::uint16_t TemplateId = 5;
  Pubkey address{};  ///< The account.
  Pubkey owner{};  ///< The program that owns it.
  Signature transaction_signature{};  ///< The transaction that wrote it; zero = unknown.
  std::uint64_t slot{};  ///< Slot of the write.
  std::uint64_t write_version{};  ///< Orders the writes of one account within a slot: the greater is the later.
  std::uint64_t lamports{};  ///< Balance, lamports.
  std::uint64_t rent_epoch{};  ///< Epoch at which rent is next due, as the chain states it.
  SightingStage stage{};  ///< How final the write was when it was seen.
  AccountFlags flags{};  ///< Properties; see AccountFlags.
  std::uint16_t reserved1{};  ///< Reserved; 0.
  std::uint32_t reserved2{};  ///< Reserved; 0.
};
MEV_LAYOUT(AccountRecord, 168);
MEV_AT(AccountRecord, address, 0); MEV_AT(AccountRecord, owner, 32); MEV_AT(AccountRecord, transaction_signature, 64);
MEV_AT(AccountRecord, slot, 128); MEV_AT(AccountRecord, write_version, 136); MEV_AT(AccountRecord, lamports, 144);
MEV_AT(AccountRecord, rent_epoch, 152); MEV_AT(AccountRecord, stage, 160); MEV_AT(AccountRecord, flags, 161); MEV_AT(AccountRecord, reserved1, 162);
MEV_AT(AccountRecord, reserved2, 164);

/// One measurement. Variable data: name (UTF-8), tags (a JSON object in UTF-8, or empty).
struct MetricRecord {
  static constexpr std::uint16_t TemplateId = 6;
  double value{};  ///< The value, in the unit that its name's documentation states.
  std::uint64_t time_nanoseconds{};  ///< When it was measured, nanoseconds since the Unix epoch.
};
MEV_LAYOUT(MetricRecord, 16);
MEV_AT(MetricRecord, value, 0); MEV_AT(MetricRecord, time_nanoseconds, 8);

/// A node of the cluster at one moment. Variable data: name (UTF-8: endpoint or label), version (UTF-8), addresses (a JSON object in UTF-8, or empty).
struct NodeRecord {
  static constexpr std::uint16_t TemplateId = 7;
  Pubkey identity{};  ///< The node's identity; zero = unknown.
  Pubkey vote_account{};  ///< Its vote account; zero = none or unknown.
  std::uint64_t observed_nanoseconds{};  ///< When it was looked at, nanoseconds since the Unix epoch.
  std::uint64_t slot{};  ///< Slot it said it was at; 0 = unknown.
  std::uint64_t activated_stake_lamports{};  ///< Activated stake, lamports; 0 = unknown.
  std::uint64_t last_vote_slot{};  ///< Slot of its last vote; 0 = unknown.
  std::uint64_t root_slot{};  ///< Its root; 0 = unknown.
  std::uint64_t latency_nanoseconds{};  ///< Round trip of a request to it, nanoseconds; 0 = not measured.
  std::uint32_t leader_slots{};  ///< Leader slots it had in the epoch so far; 0 = unknown.
  std::uint32_t blocks_produced{};  ///< Blocks it produced in them; 0 = unknown.
  std::uint32_t slots_behind{};  ///< Slots behind the tip; 0 = at the tip or unknown.
  NodeHealth health{};  ///< How it fares.
  std::uint8_t commission_percent{};  ///< Vote commission, percent.
  std::uint8_t reserved{};  ///< Reserved; 0.
};
MEV_LAYOUT(NodeRecord, 128);
MEV_AT(NodeRecord, identity, 0); MEV_AT(NodeRecord, vote_account, 32); MEV_AT(NodeRecord, observed_nanoseconds, 64); MEV_AT(NodeRecord, slot, 72);
MEV_AT(NodeRecord, activated_stake_lamports, 80); MEV_AT(NodeRecord, last_vote_slot, 88); MEV_AT(NodeRecord, root_slot, 96);
MEV_AT(NodeRecord, latency_nanoseconds, 104); MEV_AT(NodeRecord, leader_slots, 112); MEV_AT(NodeRecord, blocks_produced, 116);
MEV_AT(NodeRecord, slots_behind, 120); MEV_AT(NodeRecord, health, 124); MEV_AT(NodeRecord, commission_percent, 126);
MEV_AT(NodeRecord, reserved, 127);

/// A strategy of an engine at one moment; counts since the engine's session began. Variable data: name (UTF-8), parameters (a JSON object in UTF-8).
struct StrategyRecord {
  static constexpr std::uint16_t TemplateId = 8;
  std::uint16_t strategy_id{};  ///< The strategy; opportunities name it.
  StrategyFlags flags{};  ///< Properties; see StrategyFlags.
  std::uint32_t reserved{};  ///< Reserved; 0.
  std::uint64_t revision{};  ///< Revision of the parameters in force; 0 = those it started with.
  std::uint64_t slot{};  ///< Slot by its view; 0 = unknown.
  std::uint64_t observed_nanoseconds{};  ///< When the counts were taken, nanoseconds since the Unix epoch.
  std::uint64_t seen{};  ///< Opportunities seen.
  std::uint64_t submitted{};  ///< Opportunities acted on.
  std::uint64_t landed{};  ///< Transactions that landed.
  std::int64_t profit_lamports{};  ///< Profit before cost, lamports; negative is a loss.
  std::uint64_t cost_lamports{};  ///< Fees and tips paid, lamports.
};
MEV_LAYOUT(StrategyRecord, 72);
MEV_AT(StrategyRecord, strategy_id, 0); MEV_AT(StrategyRecord, flags, 2); MEV_AT(StrategyRecord, reserved, 4); MEV_AT(StrategyRecord, revision, 8);
MEV_AT(StrategyRecord, slot, 16); MEV_AT(StrategyRecord, observed_nanoseconds, 24); MEV_AT(StrategyRecord, seen, 32);
MEV_AT(StrategyRecord, submitted, 40); MEV_AT(StrategyRecord, landed, 48); MEV_AT(StrategyRecord, profit_lamports, 56);
MEV_AT(StrategyRecord, cost_lamports, 64);

/// Advances every transaction of a slot to a later stage at once.
struct SlotRecord {
  static constexpr std::uint16_t TemplateId = 32;
  std::uint64_t slot{};  ///< The slot.
  std::uint64_t parent_slot{};  ///< Its parent; 0 = unknown.
  std::uint64_t time_nanoseconds{};  ///< When the stage was reached, nanoseconds since the Unix epoch; 0 = unknown.
  SightingStage stage{};  ///< The stage reached.
  std::uint8_t padding1_[7]{};
};
MEV_LAYOUT(SlotRecord, 32);
MEV_AT(SlotRecord, slot, 0); MEV_AT(SlotRecord, parent_slot, 8); MEV_AT(SlotRecord, time_nanoseconds, 16); MEV_AT(SlotRecord, stage, 24);

/// A range of an engine's records that the host did not get. Variable data: reason (UTF-8).
struct GapRecord {
  static constexpr std::uint16_t TemplateId = 33;
  std::uint64_t session_id{};  ///< The session the records belong to.
  std::uint64_t first_sequence{};  ///< First missing sequence.
  std::uint64_t last_sequence{};  ///< Last missing sequence; 2^64 - 1 = unknown. One below the first, in state Healed: the engine said that its stream ends there.
  std::uint64_t detected_nanoseconds{};  ///< When it was noticed, nanoseconds since the Unix epoch by the host's clock.
  std::uint32_t source_id{};  ///< The source: CRC-32C of its name.
  GapState state{};  ///< Whether it was healed since; see GapState.
  std::uint64_t first_slot{};  ///< First slot known to be affected; 0 = unknown.
  std::uint64_t last_slot{};  ///< Last slot known to be affected; 0 = unknown.
  std::uint64_t after_lsn{};  ///< LSN of the last record of the session before the gap; 0 = none.
  std::uint64_t missing_records{};  ///< Records missing within the range; fewer than its width when several gaps were written down as one. 0 = all of it.
  GapCause cause{};  ///< Why they are missing.
  std::uint32_t reserved{};  ///< Reserved; 0.
};
MEV_LAYOUT(GapRecord, 80);
MEV_AT(GapRecord, session_id, 0); MEV_AT(GapRecord, first_sequence, 8); MEV_AT(GapRecord, last_sequence, 16);
MEV_AT(GapRecord, detected_nanoseconds, 24); MEV_AT(GapRecord, source_id, 32); MEV_AT(GapRecord, state, 36); MEV_AT(GapRecord, first_slot, 40);
MEV_AT(GapRecord, last_slot, 48); MEV_AT(GapRecord, after_lsn, 56); MEV_AT(GapRecord, missing_records, 64); MEV_AT(GapRecord, cause, 72);
MEV_AT(GapRecord, reserved, 76);

/// One transaction of a LabelRecord.
struct LabelLeg {
  Signature signature{};  ///< The transaction.
  std::uint64_t lsn{};  ///< LSN of its first sighting; 0 = not held.
  std::uint64_t slot{};  ///< Its slot.
  std::uint32_t index_in_block{};  ///< Its place in the block, from 0.
  LabelRole role{};  ///< What it was.
  std::uint16_t reserved{};  ///< Reserved; 0.
};
MEV_LAYOUT(LabelLeg, 88);
MEV_AT(LabelLeg, signature, 0); MEV_AT(LabelLeg, lsn, 64); MEV_AT(LabelLeg, slot, 72); MEV_AT(LabelLeg, index_in_block, 80);
MEV_AT(LabelLeg, role, 84); MEV_AT(LabelLeg, reserved, 86);

/// What a rule found transactions to be. Groups: legs. Variable data: evidence (a JSON object in UTF-8).
struct LabelRecord {
  static constexpr std::uint16_t TemplateId = 34;
  std::uint64_t target_lsn{};  ///< LSN of the labelled record.
  std::uint64_t labeled_nanoseconds{};  ///< When it was labelled, nanoseconds since the Unix epoch by the host's clock.
  std::uint64_t slot{};  ///< Slot of the labelled record.
  std::int64_t profit_lamports{};  ///< What it earned before cost, lamports; negative is a loss, 0 = unknown.
  double confidence{};  ///< The rule's confidence, 0 to 1.
  OpportunityKind kind{};  ///< What it is.
  std::uint16_t rule_id{};  ///< The rule; the labels note lists them.
  std::uint16_t rule_version{};  ///< Version of the rule.
  LabelFlags flags{};  ///< Properties; see LabelFlags.
};
MEV_LAYOUT(LabelRecord, 48);
MEV_AT(LabelRecord, target_lsn, 0); MEV_AT(LabelRecord, labeled_nanoseconds, 8); MEV_AT(LabelRecord, slot, 16);
MEV_AT(LabelRecord, profit_lamports, 24); MEV_AT(LabelRecord, confidence, 32); MEV_AT(LabelRecord, kind, 40); MEV_AT(LabelRecord, rule_id, 42);
MEV_AT(LabelRecord, rule_version, 44); MEV_AT(LabelRecord, flags, 46);

/// One score of a PredictionRecord.
struct ScoreEntry {
  std::uint64_t transaction_lsn{};  ///< LSN of the record that was scored.
  float score{};  ///< Probability that the model gave, 0 to 1.
  float propensity{};  ///< Probability with which the deployed policy would have chosen what it chose, 0 to 1.
  std::uint64_t reserved{};  ///< Reserved; 0.
};
MEV_LAYOUT(ScoreEntry, 24);
MEV_AT(ScoreEntry, transaction_lsn, 0); MEV_AT(ScoreEntry, score, 8); MEV_AT(ScoreEntry, propensity, 12); MEV_AT(ScoreEntry, reserved, 16);

/// What a model said of a batch of records. Groups: scores. Variable data: model version (UTF-8).
struct PredictionRecord {
  static constexpr std::uint16_t TemplateId = 35;
  std::uint64_t feature_schema_hash{};  ///< Hash of the feature schema the model was trained on.
  std::uint64_t time_nanoseconds{};  ///< When the scores were computed, nanoseconds since the Unix epoch by the host's clock.
  double threshold{};  ///< Probability from which a transaction counts as an opportunity, 0 to 1.
};
MEV_LAYOUT(PredictionRecord, 24);
MEV_AT(PredictionRecord, feature_schema_hash, 0); MEV_AT(PredictionRecord, time_nanoseconds, 8); MEV_AT(PredictionRecord, threshold, 16);

/// A step in the life of a parameter update. Variable data: parameters (a JSON object in UTF-8), actor (UTF-8: who asked), reason (UTF-8, or empty).
struct ParameterChangeRecord {
  static constexpr std::uint16_t TemplateId = 36;
  UpdateId update_id{};  ///< The update; 16 opaque bytes.
  std::uint64_t session_id{};  ///< The engine's session that answered; 0 = not answered yet.
  std::uint64_t revision{};  ///< Revision of the strategy's parameters that the update makes, from 1.
  std::uint64_t changed_nanoseconds{};  ///< When the step was taken, nanoseconds since the Unix epoch by the host's clock.
  std::uint64_t expires_nanoseconds{};  ///< When the update is no longer wanted, nanoseconds since the Unix epoch; 0 = never.
  std::uint32_t source_id{};  ///< The engine: CRC-32C of its source's name.
  std::uint16_t strategy_id{};  ///< The strategy.
  ParameterState state{};  ///< Where the update stands with this step.
};
MEV_LAYOUT(ParameterChangeRecord, 56);
MEV_AT(ParameterChangeRecord, update_id, 0); MEV_AT(ParameterChangeRecord, session_id, 16); MEV_AT(ParameterChangeRecord, revision, 24);
MEV_AT(ParameterChangeRecord, changed_nanoseconds, 32); MEV_AT(ParameterChangeRecord, expires_nanoseconds, 40);
MEV_AT(ParameterChangeRecord, source_id, 48); MEV_AT(ParameterChangeRecord, strategy_id, 52); MEV_AT(ParameterChangeRecord, state, 54);

/// Something somebody did. Variable data: actor, action, subject (UTF-8), detail (a JSON object in UTF-8, or empty).
struct AuditRecord {
  static constexpr std::uint16_t TemplateId = 37;
  std::uint64_t occurred_nanoseconds{};  ///< When, nanoseconds since the Unix epoch by the host's clock.
  AuditOutcome outcome{};  ///< How it ended.
  std::uint16_t reserved1{};  ///< Reserved; 0.
  std::uint32_t reserved2{};  ///< Reserved; 0.
};
MEV_LAYOUT(AuditRecord, 16);
MEV_AT(AuditRecord, occurred_nanoseconds, 0); MEV_AT(AuditRecord, outcome, 8); MEV_AT(AuditRecord, reserved1, 10); MEV_AT(AuditRecord, reserved2, 12);

/// What an engine says first: who it is and what it still has. Variable data: engine name (UTF-8).
struct HelloMessage {
  static constexpr std::uint16_t TemplateId = 64;
  std::uint64_t session_id{};  ///< Drawn at random when the engine started; never 0.
  std::uint64_t first_retained_sequence{};  ///< Sequence of the oldest record that can still be replayed; equal to NextSequence when there is none.
  std::uint64_t next_sequence{};  ///< Sequence that the next new record will have; at least 1.
  std::uint32_t heartbeat_milliseconds{};  ///< Interval at which the engine sends heartbeats while idle, milliseconds.
  StreamFlags flags{};  ///< What the stream carries; see StreamFlags.
};
MEV_LAYOUT(HelloMessage, 32);
MEV_AT(HelloMessage, session_id, 0); MEV_AT(HelloMessage, first_retained_sequence, 8); MEV_AT(HelloMessage, next_sequence, 16);
MEV_AT(HelloMessage, heartbeat_milliseconds, 24); MEV_AT(HelloMessage, flags, 28);

/// Asks the host to prove that it has the key; follows the hello of an engine that has one.
struct ChallengeMessage {
  static constexpr std::uint16_t TemplateId = 65;
  Bytes32 nonce{};  ///< Drawn at random for this connection.
};
MEV_LAYOUT(ChallengeMessage, 32);
MEV_AT(ChallengeMessage, nonce, 0);

/// What a host answers: which records it wants.
struct SubscribeMessage {
  static constexpr std::uint16_t TemplateId = 66;
  std::uint64_t session_id{};  ///< The session the host subscribes to: the one the engine's hello named.
  std::uint64_t from_sequence{};  ///< First record wanted, a sequence; at least 1. Older than the engine retains means "from the oldest you have".
  std::uint32_t heartbeat_milliseconds{};  ///< Interval at which the host sends heartbeats, milliseconds; 0 = it sends none.
  std::uint32_t flags{};  ///< Reserved; 0.
};
MEV_LAYOUT(SubscribeMessage, 24);
MEV_AT(SubscribeMessage, session_id, 0); MEV_AT(SubscribeMessage, from_sequence, 8); MEV_AT(SubscribeMessage, heartbeat_milliseconds, 16);
MEV_AT(SubscribeMessage, flags, 20);

/// Sent while there is nothing else to send; the header's sequence is that of the last record. An engine answers a host's heartbeat at once with its own.
struct HeartbeatMessage {
  static constexpr std::uint16_t TemplateId = 67;
  std::uint64_t slot{};  ///< The engine's slot by its own view; 0 = unknown.
  std::uint64_t echo_nanoseconds{};  ///< Engine time of the header of the peer's heartbeat that this one answers; 0 = it answers none.
  std::uint64_t echo_received_nanoseconds{};  ///< When that heartbeat arrived, nanoseconds since the Unix epoch by the answerer's clock; 0 = it answers none.
};
MEV_LAYOUT(HeartbeatMessage, 24);
MEV_AT(HeartbeatMessage, slot, 0); MEV_AT(HeartbeatMessage, echo_nanoseconds, 8); MEV_AT(HeartbeatMessage, echo_received_nanoseconds, 16);

/// Tells an engine which of its records are durable in the host's journal.
struct AckMessage {
  static constexpr std::uint16_t TemplateId = 68;
  std::uint64_t session_id{};  ///< The session.
  std::uint64_t durable_sequence{};  ///< Every record up to this sequence is durable.
};
MEV_LAYOUT(AckMessage, 16);
MEV_AT(AckMessage, session_id, 0); MEV_AT(AckMessage, durable_sequence, 8);

/// Asks an engine to send a range of records again.
struct ReplayRequestMessage {
  static constexpr std::uint16_t TemplateId = 69;
  std::uint64_t session_id{};  ///< The session.
  std::uint64_t first_sequence{};  ///< First record wanted.
  std::uint64_t last_sequence{};  ///< Last record wanted, not before the first.
};
MEV_LAYOUT(ReplayRequestMessage, 24);
MEV_AT(ReplayRequestMessage, session_id, 0); MEV_AT(ReplayRequestMessage, first_sequence, 8); MEV_AT(ReplayRequestMessage, last_sequence, 16);

/// An engine says that records cannot be had: the answer to a replay request, or at its place in the stream what the engine itself dropped.
struct GapNoticeMessage {
  static constexpr std::uint16_t TemplateId = 70;
  std::uint64_t session_id{};  ///< The session.
  std::uint64_t first_sequence{};  ///< First record that cannot be had.
  std::uint64_t last_sequence{};  ///< Last record that cannot be had, not before the first.
  GapCause cause{};  ///< Why.
  std::uint32_t reserved{};  ///< Reserved; 0.
};
MEV_LAYOUT(GapNoticeMessage, 32);
MEV_AT(GapNoticeMessage, session_id, 0); MEV_AT(GapNoticeMessage, first_sequence, 8); MEV_AT(GapNoticeMessage, last_sequence, 16);
MEV_AT(GapNoticeMessage, cause, 24); MEV_AT(GapNoticeMessage, reserved, 28);

/// An orderly end of a stream. Variable data: reason (UTF-8).
struct GoodbyeMessage {
  static constexpr std::uint16_t TemplateId = 71;
  GoodbyeCode code{};  ///< Why; see GoodbyeCode.
  std::uint32_t reserved{};  ///< Reserved; 0.
};
MEV_LAYOUT(GoodbyeMessage, 8);
MEV_AT(GoodbyeMessage, code, 0); MEV_AT(GoodbyeMessage, reserved, 4);

/// Shows that the sender has the key, without showing the key: the host's answer to a challenge, then the engine's to the host.
struct ProofMessage {
  static constexpr std::uint16_t TemplateId = 72;
  Bytes32 nonce{};  ///< Drawn at random by the host for this connection; zero in the engine's proof.
  Bytes32 mac{};  ///< HMAC-SHA256 over label, hello frame, challenge frame and the host's nonce; docs/wire-format.md.
};
MEV_LAYOUT(ProofMessage, 64);
MEV_AT(ProofMessage, nonce, 0); MEV_AT(ProofMessage, mac, 32);

/// One score of an OpportunityScoresMessage.
struct OpportunityScore {
  std::uint64_t opportunity_id{};  ///< The engine's id of the opportunity, of the session the frame is sent in.
  std::int64_t expected_profit_lamports{};  ///< Profit before cost that the model expects, lamports; 0 = not stated.
  float score{};  ///< Probability that it is real, 0 to 1.
  float propensity{};  ///< Probability with which the policy would have chosen what it chose, 0 to 1.
  ScoreDecision decision{};  ///< What the policy chose.
  std::uint32_t reserved{};  ///< Reserved; 0.
};
MEV_LAYOUT(OpportunityScore, 32);
MEV_AT(OpportunityScore, opportunity_id, 0); MEV_AT(OpportunityScore, expected_profit_lamports, 8); MEV_AT(OpportunityScore, score, 16);
MEV_AT(OpportunityScore, propensity, 20); MEV_AT(OpportunityScore, decision, 24); MEV_AT(OpportunityScore, reserved, 28);

/// What a model says of opportunities, host to engine. Groups: scores. Variable data: model version (UTF-8).
struct OpportunityScoresMessage {
  static constexpr std::uint16_t TemplateId = 96;
  std::uint64_t feature_schema_hash{};  ///< Hash of the feature schema the model was trained on.
  std::uint64_t scored_nanoseconds{};  ///< When the scores were computed, nanoseconds since the Unix epoch by the host's clock.
  double threshold{};  ///< Probability from which the deployed policy acts, 0 to 1.
};
MEV_LAYOUT(OpportunityScoresMessage, 24);
MEV_AT(OpportunityScoresMessage, feature_schema_hash, 0); MEV_AT(OpportunityScoresMessage, scored_nanoseconds, 8);
MEV_AT(OpportunityScoresMessage, threshold, 16);

/// New parameters for a strategy, host to engine. Variable data: parameters (a JSON object in UTF-8).
struct ParameterUpdateMessage {
  static constexpr std::uint16_t TemplateId = 97;
  UpdateId update_id{};  ///< The update; 16 opaque bytes. The engine applies an id once.
  std::uint64_t revision{};  ///< Revision that the update makes, from 1; an engine refuses one that is not above what is in force.
  std::uint64_t requested_nanoseconds{};  ///< When it was asked for, nanoseconds since the Unix epoch by the host's clock.
  std::uint64_t expires_nanoseconds{};  ///< When it is no longer wanted, nanoseconds since the Unix epoch; 0 = never.
  std::uint16_t strategy_id{};  ///< The strategy.
  std::uint16_t reserved1{};  ///< Reserved; 0.
  std::uint32_t reserved2{};  ///< Reserved; 0.
};
MEV_LAYOUT(ParameterUpdateMessage, 48);
MEV_AT(ParameterUpdateMessage, update_id, 0); MEV_AT(ParameterUpdateMessage, revision, 16); MEV_AT(ParameterUpdateMessage, requested_nanoseconds, 24);
MEV_AT(ParameterUpdateMessage, expires_nanoseconds, 32); MEV_AT(ParameterUpdateMessage, strategy_id, 40);
MEV_AT(ParameterUpdateMessage, reserved1, 42); MEV_AT(ParameterUpdateMessage, reserved2, 44);

/// What became of a parameter update, engine to host. Variable data: reason (UTF-8, or empty).
struct ParameterResultMessage {
  static constexpr std::uint16_t TemplateId = 98;
  UpdateId update_id{};  ///< The update.
  std::uint64_t revision{};  ///< Revision in force now; 0 = those it started with.
  std::uint64_t decided_nanoseconds{};  ///< When it was applied or rejected, nanoseconds since the Unix epoch by the engine's clock.
  std::uint16_t strategy_id{};  ///< The strategy.
  ParameterState state{};  ///< Applied, Rejected, Superseded or Expired.
  std::uint32_t reserved{};  ///< Reserved; 0.
};
MEV_LAYOUT(ParameterResultMessage, 40);
MEV_AT(ParameterResultMessage, update_id, 0); MEV_AT(ParameterResultMessage, revision, 16); MEV_AT(ParameterResultMessage, decided_nanoseconds, 24);
MEV_AT(ParameterResultMessage, strategy_id, 32); MEV_AT(ParameterResultMessage, state, 34); MEV_AT(ParameterResultMessage, reserved, 36);
#undef MEV_LAYOUT
#undef MEV_AT

/// Whether an engine may send records of a template id: its own kinds (1 to 31), and Slot.
constexpr bool is_engine_record(std::uint16_t template_id) noexcept { return template_id > 0 && template_id <= SlotRecord::TemplateId; }

/// Rounds a size up to a multiple of 8.
constexpr std::size_t align8(std::size_t size) noexcept { return (size + (Alignment - 1)) & ~(Alignment - 1); }

/// Bytes that belong to somebody else: made of a string, a vector or an array of bytes, or a pointer and a length. It owns nothing.
class ByteView {
 public:
  constexpr ByteView() noexcept = default;
  ByteView(const void* data, std::size_t size) noexcept : data_(static_cast<const std::uint8_t*>(data)), size_(size) {}
  ByteView(std::string_view text) noexcept : ByteView(text.data(), text.size()) {}
  ByteView(const std::string& text) noexcept : ByteView(text.data(), text.size()) {}
  ByteView(const char* text) noexcept : ByteView(std::string_view(text)) {}
  template <class C, class E = std::remove_pointer_t<decltype(std::declval<const C&>().data())>,
            std::enable_if_t<sizeof(E) == 1 && std::is_trivially_copyable<E>::value, int> = 0>
  ByteView(const C& container) noexcept : ByteView(container.data(), container.size()) {}

  const std::uint8_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  const std::uint8_t* begin() const noexcept { return data_; }
  const std::uint8_t* end() const noexcept { return data_ + size_; }
  std::string_view text() const noexcept { return {reinterpret_cast<const char*>(data_), size_}; }
  ByteView from(std::size_t offset) const noexcept { return {data_ + offset, size_ - offset}; }
  ByteView first(std::size_t count) const noexcept { return {data_, count}; }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Entries of a group that belong to somebody else: made of a vector, an array, or a pointer and a count. It owns nothing.
template <class T>
class Span {
 public:
  constexpr Span() noexcept = default;
  constexpr Span(T* data, std::size_t size) noexcept : data_(data), size_(size) {}
  template <std::size_t N>
  constexpr Span(T (&array)[N]) noexcept : data_(array), size_(N) {}
  template <class C, class = std::enable_if_t<std::is_convertible<decltype(std::declval<C&>().data()), T*>::value>>
  constexpr Span(C& container) noexcept : data_(container.data()), size_(container.size()) {}
  template <class C, class = std::enable_if_t<std::is_convertible<decltype(std::declval<const C&>().data()), T*>::value>>
  constexpr Span(const C& container) noexcept : data_(container.data()), size_(container.size()) {}

  constexpr T* data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T* begin() const noexcept { return data_; }
  constexpr T* end() const noexcept { return data_ + size_; }
  constexpr T& operator[](std::size_t index) const noexcept { return data_[index]; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

// ---------------------------------------------------------------------------------------------------------------------------------
// 2. CRC-32C: RFC 3720 appendix B.4 (Castagnoli, reflected polynomial 0x82F63B78, initial value and final exclusive-or 0xFFFFFFFF)
// ---------------------------------------------------------------------------------------------------------------------------------

namespace detail {

template <class T>
T load(const void* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <class T>
void store(void* to, const T& value) noexcept {
  std::memcpy(to, &value, sizeof value);
}

// "Slicing by 8": eight tables let eight bytes be folded at once, about six times as fast as one table.
struct CrcTables {
  std::uint32_t t[8][256];
  constexpr CrcTables() noexcept : t{} {
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t c = i;
      for (int bit = 0; bit < 8; ++bit) c = (c & 1u) != 0 ? (c >> 1) ^ 0x82F63B78u : c >> 1;
      t[0][i] = c;
    }
    for (std::uint32_t i = 0; i < 256; ++i)
      for (int k = 1; k < 8; ++k) t[k][i] = (t[k - 1][i] >> 8) ^ t[0][t[k - 1][i] & 0xFFu];
  }
};

inline constexpr CrcTables crc_tables{};

inline std::uint32_t crc_append_table(std::uint32_t crc, const std::uint8_t* p, std::size_t n) noexcept {
  const auto& t = crc_tables.t;
  for (; n >= 8; p += 8, n -= 8) {
    const std::uint64_t v = load<std::uint64_t>(p) ^ crc;
    crc = t[7][v & 0xFF] ^ t[6][(v >> 8) & 0xFF] ^ t[5][(v >> 16) & 0xFF] ^ t[4][(v >> 24) & 0xFF] ^ t[3][(v >> 32) & 0xFF] ^
          t[2][(v >> 40) & 0xFF] ^ t[1][(v >> 48) & 0xFF] ^ t[0][v >> 56];
  }
  for (; n > 0; ++p, --n) crc = (crc >> 8) ^ t[0][(crc ^ *p) & 0xFFu];
  return crc;
}

#if defined(MEV_CRC_X86)
__attribute__((target("sse4.2"))) inline std::uint32_t crc_append_sse42(std::uint32_t crc, const std::uint8_t* p, std::size_t n) noexcept {
  std::uint64_t c = crc;
  for (; n >= 8; p += 8, n -= 8) c = _mm_crc32_u64(c, load<std::uint64_t>(p));
  auto r = static_cast<std::uint32_t>(c);
  for (; n > 0; ++p, --n) r = _mm_crc32_u8(r, *p);
  return r;
}

// One chain of the crc32 instruction waits three cycles for each 8 bytes. Three chains side by side over neighbouring blocks keep the
// unit busy; a carry-less multiplication by x^(8*distance) moves the first two behind the third. 168 bytes a block: three blocks fit a
// frame of half a kilobyte, the size this stream mostly carries.
inline constexpr std::size_t CrcBlock = 168;

// x^n mod P, reflected, as the multiplier that pclmulqdq needs.
constexpr std::uint32_t crc_power(std::uint64_t n) noexcept {
  std::uint32_t r = 0x80000000u;
  for (std::uint64_t i = 0; i < n; ++i) r = (r & 1u) != 0 ? (r >> 1) ^ 0x82F63B78u : r >> 1;
  return r;
}

__attribute__((target("sse4.2,pclmul"))) inline std::uint32_t crc_append_pclmul(std::uint32_t crc, const std::uint8_t* p, std::size_t n) noexcept {
  constexpr long long far = crc_power(2 * CrcBlock * 8 - 33), near = crc_power(CrcBlock * 8 - 33);
  for (; n >= 3 * CrcBlock; p += 3 * CrcBlock, n -= 3 * CrcBlock) {
    std::uint64_t a = crc, b = 0, c = 0;
    for (std::size_t i = 0; i < CrcBlock - 8; i += 8) {
      a = _mm_crc32_u64(a, load<std::uint64_t>(p + i));
      b = _mm_crc32_u64(b, load<std::uint64_t>(p + CrcBlock + i));
      c = _mm_crc32_u64(c, load<std::uint64_t>(p + 2 * CrcBlock + i));
    }
    a = _mm_crc32_u64(a, load<std::uint64_t>(p + CrcBlock - 8));
    b = _mm_crc32_u64(b, load<std::uint64_t>(p + 2 * CrcBlock - 8));
    const __m128i moved = _mm_xor_si128(_mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<long long>(a)), _mm_cvtsi64_si128(far), 0),
                                        _mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<long long>(b)), _mm_cvtsi64_si128(near), 0));
    c = _mm_crc32_u64(c, load<std::uint64_t>(p + 3 * CrcBlock - 8) ^ static_cast<std::uint64_t>(_mm_cvtsi128_si64(moved)));
    crc = static_cast<std::uint32_t>(c);
  }
  return crc_append_sse42(crc, p, n);
}
#endif

#if defined(MEV_CRC_ARM)
inline std::uint32_t crc_append_arm(std::uint32_t crc, const std::uint8_t* p, std::size_t n) noexcept {
  for (; n >= 8; p += 8, n -= 8) crc = __crc32cd(crc, load<std::uint64_t>(p));
  for (; n > 0; ++p, --n) crc = __crc32cb(crc, *p);
  return crc;
}
#endif

using CrcAppend = std::uint32_t (*)(std::uint32_t, const std::uint8_t*, std::size_t) noexcept;

inline CrcAppend choose_crc() noexcept {
#if defined(MEV_CRC_X86)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul")) return crc_append_pclmul;
  if (__builtin_cpu_supports("sse4.2")) return crc_append_sse42;
#elif defined(MEV_CRC_ARM)
  return crc_append_arm;
#endif
  return crc_append_table;
}

inline const CrcAppend crc_append = choose_crc();

inline std::uint32_t frame_crc(const std::uint8_t* frame, std::size_t length) noexcept {
  // Not through the pointer above: a frame written by a static initialiser of another file could come before it was set.
  const CrcAppend append = crc_append != nullptr ? crc_append : crc_append_table;
  return ~append(append(0xFFFFFFFFu, frame, 4), frame + 8, length - 8);
}

}  // namespace detail

/// CRC-32C of bytes, by the instruction that this machine has for it, else by tables.
inline std::uint32_t crc32c(ByteView bytes) noexcept {
  return ~(detail::crc_append != nullptr ? detail::crc_append : detail::crc_append_table)(0xFFFFFFFFu, bytes.data(), bytes.size());
}

// ---------------------------------------------------------------------------------------------------------------------------------
// 3. Codec
// ---------------------------------------------------------------------------------------------------------------------------------

/// Bytes of a frame before it is written: `FrameSize::of<TransactionRecord>().group<SwapEntry>(2).data(wire.size()).total()`.
struct FrameSize {
  std::size_t bytes = 0;  ///< Unpadded bytes so far.

  template <class Block>
  static constexpr FrameSize of() noexcept {
    return {sizeof(FrameHeader) + sizeof(Block)};
  }
  template <class Entry>
  constexpr FrameSize group(std::size_t count) const noexcept {
    return {bytes + GroupDimensionSize + count * sizeof(Entry)};
  }
  constexpr FrameSize data(std::size_t length) const noexcept { return {bytes + DataLengthSize + length}; }
  constexpr std::size_t total() const noexcept { return align8(bytes); }
};

/// Writes one frame into a buffer: the block, then each group and each variable-length field in schema order, then complete().
/// A part that does not fit is not written and makes ok() false for good; nothing throws, nothing is allocated.
class FrameWriter {
 public:
  FrameWriter() noexcept = default;
  /// `buffer` must be aligned to 8 bytes when the pointers of the ..._space members are used; any address will do otherwise.
  FrameWriter(void* buffer, std::size_t capacity) noexcept : buffer_(static_cast<std::uint8_t*>(buffer)), capacity_(capacity) {}

  /// Whether everything so far fitted.
  bool ok() const noexcept { return ok_ && buffer_ != nullptr; }
  std::uint8_t* buffer() const noexcept { return buffer_; }
  std::size_t capacity() const noexcept { return capacity_; }

  /// Starts the frame with its fixed block.
  template <class Block>
  FrameWriter& block(const Block& block) noexcept {
    return header(Block::TemplateId, &block, sizeof block);
  }

  /// Starts the frame with room for its fixed block, zeroed, to be filled in place; null when it does not fit.
  template <class Block>
  Block* block_space() noexcept {
    block(Block{});
    return ok() ? new (buffer_ + sizeof(FrameHeader)) Block{} : nullptr;
  }

  /// Starts the frame of a later version's message: any template id, and any block up to 65,535 bytes.
  FrameWriter& header(std::uint16_t template_id, const void* block, std::size_t size) noexcept {
    at_ = 0;
    ok_ = true;
    std::uint8_t* to = size <= 0xFFFF ? take(sizeof(FrameHeader) + size) : fail();
    if (to == nullptr) return *this;
    FrameHeader header;
    header.block_length = static_cast<std::uint16_t>(size);
    header.template_id = template_id;
    header.schema_id = SchemaId;
    header.version = SchemaVersion;
    detail::store(to, header);
    if (size > 0) std::memcpy(to + sizeof header, block, size);
    return *this;
  }

  /// Writes a group of at most 65,535 entries.
  template <class Entry>
  FrameWriter& group(Span<const Entry> entries) noexcept {
    std::uint8_t* to = group_bytes(sizeof(Entry), entries.size());
    if (to != nullptr && !entries.empty()) std::memcpy(to, entries.data(), entries.size() * sizeof(Entry));
    return *this;
  }

  /// Writes a group's dimension and leaves room for its entries, zeroed, to be filled in place; null when it does not fit.
  template <class Entry>
  Entry* group_space(std::size_t count) noexcept {
    std::uint8_t* to = group_bytes(sizeof(Entry), count);
    if (to == nullptr) return nullptr;
    for (std::size_t i = 0; i < count; ++i) new (to + i * sizeof(Entry)) Entry{};
    return reinterpret_cast<Entry*>(to);
  }

  /// Writes a variable-length field.
  FrameWriter& data(ByteView bytes) noexcept {
    std::uint8_t* to = data_space(bytes.size());
    if (to != nullptr && !bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    return *this;
  }

  /// Writes a variable-length field's length and leaves room for its bytes, which must all be filled in; null when it does not fit.
  std::uint8_t* data_space(std::size_t length) noexcept {
    std::uint8_t* to = length <= 0x7FFFFFFF ? take(DataLengthSize + length) : fail();
    if (to == nullptr) return nullptr;
    detail::store(to, static_cast<std::uint32_t>(length));
    return to + DataLengthSize;
  }

  /// Pads the frame, writes its header and its checksum, and returns its length in bytes; 0 when something did not fit.
  std::size_t complete(std::uint64_t sequence, std::uint64_t engine_time) noexcept {
    const std::size_t length = seal(sequence, engine_time);
    if (length != 0) detail::store(buffer_ + 4, detail::frame_crc(buffer_, length));
    return length;
  }

  /// The same without the checksum, for a publisher whose I/O thread computes it.
  std::size_t seal(std::uint64_t sequence, std::uint64_t engine_time) noexcept {
    const std::size_t length = align8(at_);
    if (!ok() || at_ < sizeof(FrameHeader) || length > capacity_) return 0;
    std::memset(buffer_ + at_, 0, length - at_);
    detail::store(buffer_, static_cast<std::uint32_t>(length));
    detail::store(buffer_ + 8, sequence);
    detail::store(buffer_ + 16, engine_time);
    return length;
  }

 private:
  std::uint8_t* fail() noexcept {
    ok_ = false;
    return nullptr;
  }

  std::uint8_t* take(std::size_t bytes) noexcept {
    if (!ok() || bytes > capacity_ - at_) return fail();
    std::uint8_t* to = buffer_ + at_;
    at_ += bytes;
    return to;
  }

  std::uint8_t* group_bytes(std::size_t entry, std::size_t count) noexcept {
    std::uint8_t* to = count <= 0xFFFF ? take(GroupDimensionSize + entry * count) : fail();
    if (to == nullptr) return nullptr;
    GroupDimension dimension;
    dimension.block_length = static_cast<std::uint16_t>(entry);
    dimension.num_in_group = static_cast<std::uint16_t>(count);
    detail::store(to, dimension);
    return to + GroupDimensionSize;
  }

  std::uint8_t* buffer_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// What a look at the front of a byte stream found.
enum class FrameStatus {
  Done,          ///< A whole, valid frame.
  NeedMoreData,  ///< The beginning of a frame; more bytes are needed.
  Malformed,     ///< Bytes that no writer of this format makes; the stream has no trustworthy boundary any more.
};

/// Why a frame is malformed.
enum class FrameError {
  None,
  LengthTooSmall,    ///< The length is under the size of a header.
  LengthTooLarge,    ///< The length is over the reader's limit.
  LengthUnaligned,   ///< The length is not a multiple of 8.
  ChecksumMismatch,  ///< The checksum does not match.
  UnknownSchema,     ///< The schema id is not this format's.
  BlockTooLong,      ///< The fixed block leads outside the frame.
};

inline const char* to_text(FrameError error) noexcept {
  switch (error) {
    case FrameError::None: return "none";
    case FrameError::LengthTooSmall: return "the length is under the size of a header";
    case FrameError::LengthTooLarge: return "the length is over the limit";
    case FrameError::LengthUnaligned: return "the length is not a multiple of 8";
    case FrameError::ChecksumMismatch: return "the checksum does not match";
    case FrameError::UnknownSchema: return "the schema id is not this format's";
    case FrameError::BlockTooLong: return "the fixed block leads outside the frame";
  }
  return "unknown";
}

/// Finds frames at the front of a buffer; the same rules as Mev.Sdk.Wire.FrameReader. It looks at no byte outside the buffer, and trusts
/// no length before it compared it with its limit.
class FrameReader {
 public:
  explicit FrameReader(std::size_t max_frame_bytes = DefaultMaxFrameBytes) noexcept : max_frame_bytes_(max_frame_bytes) {}

  /// Takes a frame off the front of `buffer`, which is moved behind it when Done and untouched otherwise. `frame` lies in the same memory.
  FrameStatus try_read(ByteView& buffer, ByteView& frame) noexcept {
    frame = {};
    if (buffer.size() < sizeof(std::uint32_t)) return FrameStatus::NeedMoreData;
    const std::size_t length = detail::load<std::uint32_t>(buffer.data());
    error_ = length < sizeof(FrameHeader)  ? FrameError::LengthTooSmall
             : length > max_frame_bytes_   ? FrameError::LengthTooLarge
             : length % Alignment != 0     ? FrameError::LengthUnaligned
             : buffer.size() < length      ? FrameError::None
                                           : check(buffer.first(length));
    if (error_ != FrameError::None) return FrameStatus::Malformed;
    if (buffer.size() < length) return FrameStatus::NeedMoreData;
    frame = buffer.first(length);
    buffer = buffer.from(length);
    position_ += length;
    return FrameStatus::Done;
  }

  /// Checks one whole frame.
  static FrameError check(ByteView frame) noexcept {
    if (frame.size() < sizeof(FrameHeader)) return FrameError::LengthTooSmall;
    const auto header = detail::load<FrameHeader>(frame.data());
    if (header.length != frame.size() || frame.size() % Alignment != 0) return FrameError::LengthUnaligned;
    if (header.crc32c != detail::frame_crc(frame.data(), frame.size())) return FrameError::ChecksumMismatch;
    if (header.schema_id != SchemaId) return FrameError::UnknownSchema;
    return header.block_length > frame.size() - sizeof(FrameHeader) ? FrameError::BlockTooLong : FrameError::None;
  }

  /// Bytes of the stream before the next frame.
  std::uint64_t position() const noexcept { return position_; }
  /// Why the last answer was Malformed.
  FrameError error() const noexcept { return error_; }
  void limit(std::size_t max_frame_bytes) noexcept { max_frame_bytes_ = max_frame_bytes; }

 private:
  std::size_t max_frame_bytes_;
  std::uint64_t position_ = 0;
  FrameError error_ = FrameError::None;
};

/// The entries of a group as they stand in a frame. An entry that its writer knew shorter is filled up with zeros, a longer one is cut.
template <class Entry>
class GroupView {
 public:
  GroupView() noexcept = default;
  GroupView(const std::uint8_t* at, std::size_t stride, std::size_t count) noexcept : at_(at), stride_(stride), count_(count) {}
  std::size_t size() const noexcept { return count_; }
  Entry operator[](std::size_t index) const noexcept {
    Entry entry;
    std::memcpy(static_cast<void*>(&entry), at_ + index * stride_, std::min(stride_, sizeof entry));
    return entry;
  }

 private:
  const std::uint8_t* at_ = nullptr;
  std::size_t stride_ = 0;
  std::size_t count_ = 0;
};

/// Walks the body of a checked frame: block, groups, variable data, each bounded by the frame. What a member returns lies in the frame.
class BodyReader {
 public:
  /// `frame` must have passed FrameReader.
  explicit BodyReader(ByteView frame) noexcept : frame_(frame) {}

  /// Reads the fixed block, the prefix of a longer one, or a shorter one with zeros behind it; false when the frame is of another message.
  template <class Block>
  bool block(Block& block) noexcept {
    const auto header = detail::load<FrameHeader>(frame_.data());
    block = Block{};
    if (header.template_id != Block::TemplateId || header.block_length > frame_.size() - sizeof(FrameHeader)) return false;
    std::memcpy(static_cast<void*>(&block), frame_.data() + sizeof(FrameHeader), std::min<std::size_t>(header.block_length, sizeof block));
    at_ = sizeof(FrameHeader) + header.block_length;
    return true;
  }

  /// Reads a group; empty when its writer was older than it. False when it leads outside the frame.
  template <class Entry>
  bool group(GroupView<Entry>& entries) noexcept {
    entries = {};
    const std::size_t left = frame_.size() - at_;
    if (left < GroupDimensionSize) return at_end();
    const auto dimension = detail::load<GroupDimension>(frame_.data() + at_);
    // Entries are never empty: 65,535 of them made of no bytes at all would be a cheap way to keep a reader busy.
    const std::size_t bytes = std::size_t{dimension.block_length} * dimension.num_in_group;
    if (dimension.num_groups != 0 || dimension.num_var_data_fields != 0 || bytes > left - GroupDimensionSize ||
        (dimension.num_in_group > 0 && dimension.block_length < Alignment))
      return false;
    entries = {frame_.data() + at_ + GroupDimensionSize, dimension.block_length, dimension.num_in_group};
    at_ += GroupDimensionSize + bytes;
    return true;
  }

  /// Reads a variable-length field; empty when its writer was older than it. False when it leads outside the frame.
  bool data(ByteView& bytes) noexcept {
    bytes = {};
    const std::size_t left = frame_.size() - at_;
    if (left < DataLengthSize) return at_end();
    const std::size_t length = detail::load<std::uint32_t>(frame_.data() + at_);
    if (length > left - DataLengthSize) return false;
    bytes = {frame_.data() + at_ + DataLengthSize, length};
    at_ += DataLengthSize + length;
    return true;
  }

 private:
  // Padding is zero and shorter than the alignment; anything else there is a field cut off.
  bool at_end() const noexcept {
    return std::all_of(frame_.begin() + at_, frame_.end(), [](std::uint8_t b) { return b == 0; });
  }

  ByteView frame_;
  std::size_t at_ = 0;
};

// ---------------------------------------------------------------------------------------------------------------------------------
// 4. SHA-256 (FIPS 180-4) and HMAC-SHA256 (RFC 2104, FIPS 198-1)
// ---------------------------------------------------------------------------------------------------------------------------------

/// SHA-256. Only the handshake needs it, so it is written to be read, not to be fast.
class Sha256 {
 public:
  Sha256& add(ByteView bytes) noexcept {
    for (const std::uint8_t byte : bytes) {
      block_[length_++ % 64] = byte;
      if (length_ % 64 == 0) fold();
    }
    return *this;
  }

  Bytes32 finish() noexcept {
    const std::uint64_t bits = length_ * 8;
    const std::uint8_t one = 0x80, zero = 0;
    add({&one, 1});
    while (length_ % 64 != 56) add({&zero, 1});
    std::uint8_t count[8];
    for (int i = 0; i < 8; ++i) count[i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
    add({count, sizeof count});
    Bytes32 digest;
    for (std::size_t i = 0; i < 32; ++i) digest.bytes[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
    return digest;
  }

 private:
  static std::uint32_t rotate(std::uint32_t x, int n) noexcept { return (x >> n) | (x << (32 - n)); }

  void fold() noexcept {
    static constexpr std::uint32_t k[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
        0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
        0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
        0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
        0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
        0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
    std::uint32_t w[64];
    for (std::size_t i = 0; i < 16; ++i)
      w[i] = (std::uint32_t{block_[4 * i]} << 24) | (std::uint32_t{block_[4 * i + 1]} << 16) | (std::uint32_t{block_[4 * i + 2]} << 8) |
             block_[4 * i + 3];
    for (std::size_t i = 16; i < 64; ++i) {
      const std::uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
      const std::uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state_;
    for (std::size_t i = 0; i < 64; ++i) {
      const std::uint32_t t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
      const std::uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    const std::uint32_t next[8] = {a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) state_[i] += next[i];
  }

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::uint8_t block_[64]{};
  std::uint64_t length_ = 0;
};

/// HMAC-SHA256 over parts, one after the other.
inline Bytes32 hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) noexcept {
  std::uint8_t padded[64]{};
  if (key.size() > sizeof padded) {
    const Bytes32 hashed = Sha256().add(key).finish();
    std::memcpy(padded, hashed.bytes, sizeof hashed.bytes);
  } else if (!key.empty()) {
    std::memcpy(padded, key.data(), key.size());
  }
  std::uint8_t inner[64], outer[64];
  for (std::size_t i = 0; i < 64; ++i) {
    inner[i] = static_cast<std::uint8_t>(padded[i] ^ 0x36);
    outer[i] = static_cast<std::uint8_t>(padded[i] ^ 0x5C);
  }
  Sha256 hash;
  hash.add({inner, sizeof inner});
  for (const ByteView part : parts) hash.add(part);
  const Bytes32 digest = hash.finish();
  return Sha256().add({outer, sizeof outer}).add({digest.bytes, sizeof digest.bytes}).finish();
}

/// Compares without telling by its time where two values differ.
inline bool equal_in_constant_time(const Bytes32& a, const Bytes32& b) noexcept {
  volatile std::uint8_t difference = 0;
  for (std::size_t i = 0; i < sizeof a.bytes; ++i) difference = static_cast<std::uint8_t>(difference | (a.bytes[i] ^ b.bytes[i]));
  return difference == 0;
}

/// The side of a connection that proves its key.
enum class ProofSide { Host, Engine };

/// The proof of a shared key: docs/wire-format.md, "Proof of a shared key".
inline Bytes32 session_proof(ProofSide side, ByteView key, ByteView hello_frame, ByteView challenge_frame, const Bytes32& host_nonce) noexcept {
  // The zero behind each label belongs to it, hence the sizes.
  static constexpr char host[] = "mev-engine-stream 1 host", engine[] = "mev-engine-stream 1 engine";
  const ByteView label = side == ProofSide::Host ? ByteView(host, sizeof host) : ByteView(engine, sizeof engine);
  return hmac_sha256(key, {label, hello_frame, challenge_frame, {host_nonce.bytes, sizeof host_nonce.bytes}});
}

}  // namespace mev

#if !defined(_WIN32)

// ---------------------------------------------------------------------------------------------------------------------------------
// 5. Publisher
// ---------------------------------------------------------------------------------------------------------------------------------

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/eventfd.h>
#endif

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

// Engines are often built without exceptions; the callbacks of those that are not may throw.
#if defined(__cpp_exceptions)
#define MEV_TRY try
#define MEV_CATCH_ALL catch (...)
#else
#define MEV_TRY if (true)
#define MEV_CATCH_ALL else
#endif

namespace mev {

/// What became of a call of the publisher.
enum class Status {
  Ok,           ///< Done.
  Dropped,      ///< The ring was full and the policy is not to wait: the record's sequence is used up, subscribers are told of the gap.
  Full,         ///< The ring is full; nothing happened (try_publish only).
  TooLong,      ///< The frame is longer than max_frame_bytes(), or a group has over 65,535 entries; nothing happened.
  NotARecord,   ///< The bytes are no whole frame of a record that an engine may send; nothing happened.
  Closed,       ///< The publisher was not started, or the stream was completed or stopped.
};

inline const char* to_text(Status status) noexcept {
  switch (status) {
    case Status::Ok: return "ok";
    case Status::Dropped: return "dropped: the ring was full";
    case Status::Full: return "the ring is full";
    case Status::TooLong: return "the frame is too long";
    case Status::NotARecord: return "not a frame of a record that an engine may send";
    case Status::Closed: return "the publisher is not running, or the stream was completed";
  }
  return "unknown";
}

/// What publish() does when the ring is full.
enum class WhenFull {
  Wait,         ///< Waits until the subscribers that are connected have taken what it holds (or acknowledged it, once they acknowledge).
  DropAndTell,  ///< Never waits: drops the record, uses up its sequence, and has a GapNotice (Dropped) sent in its place.
};

/// How the I/O thread learns that there is something to send.
enum class Wakeup {
  Interval,  ///< It looks every wake_interval; the publishing thread never makes a system call.
  Signal,    ///< The publishing thread wakes it, by one system call and only when it sleeps: the stream is faster after a pause, publishing slower.
};

/// Which thread runs the callbacks of the control channel.
enum class ControlThread {
  Io,    ///< The I/O thread; a callback that takes long holds up sending.
  Poll,  ///< The thread that calls Publisher::poll_control().
};

/// An engine's decision on a parameter update.
struct ParameterDecision {
  bool applied = false;
  std::string reason;  ///< Why, for a person; at most 512 bytes are sent.

  static ParameterDecision accept() { return {true, {}}; }
  static ParameterDecision reject(std::string reason) { return {false, std::move(reason)}; }
};

/// New parameters for a strategy. Valid during the callback only.
struct ParameterUpdate {
  ParameterUpdateMessage message;
  std::string_view parameters;  ///< A JSON object, as the host sent it: check it before you use it.
};

/// Scores of opportunities. Valid during the callback only.
struct OpportunityScores {
  OpportunityScoresMessage message;
  Span<const OpportunityScore> scores;
  std::string_view model_version;
};

enum class LogLevel { Info, Warning, Error };

/// Options of a publisher; copied at start.
struct PublisherOptions {
  /// Where to listen: tcp://HOST:PORT (port 0 takes a free one; an IPv6 address in brackets) and unix:///PATH. At least one. A Unix socket
  /// is made with mode 0600 and removed at the end; one that a dead process left behind is replaced.
  std::vector<std::string> listen{"tcp://127.0.0.1:0"};
  /// The engine's name, said in its hello; 1 to 512 bytes of UTF-8.
  std::string name = "engine";
  /// True marks every record as simulated; hosts keep such streams apart from real ones.
  bool simulated = false;
  /// Shared keys, each of at least 16 bytes. With any, nobody is served without the proof of one of them; several let keys be exchanged one
  /// host at a time. Without one, listen on loopback, a private network or a Unix socket only.
  std::vector<std::string> keys;

  /// Bytes of the newest records that are kept for replay. Default 48 MiB; 64 KiB to 16 GiB.
  std::size_t retention_bytes = std::size_t{48} << 20;
  /// Bytes that can be published before the I/O thread gets to run: the ring of the publishing thread. Default 16 MiB; 64 KiB to 4 GiB.
  std::size_t ring_bytes = std::size_t{16} << 20;
  /// What publish() does when the ring is full. Default: wait.
  WhenFull when_full = WhenFull::Wait;
  /// False: one thread publishes, or several that never do so at once. True: any number may; each call then takes a spin lock.
  bool many_producers = false;
  /// How the I/O thread learns of records. Default: it looks, so that the publishing thread never makes a system call.
  Wakeup wakeup = Wakeup::Interval;
  /// With Wakeup::Interval, how often the I/O thread looks; five times as long after 100 ms without a record. Default 200 us; 10 us to 1 s.
  /// (macOS: whole milliseconds.)
  std::chrono::microseconds wake_interval{200};

  /// Interval of heartbeats while there is nothing to send. Default 1 s; 10 ms to 60 s.
  std::chrono::milliseconds heartbeat_interval{1000};
  /// Longest wait for a peer's subscription, and for its end after a goodbye. Default 5 s; over 0.
  std::chrono::milliseconds handshake_timeout{5000};
  /// A subscriber that accepts no byte for so long is given up. Default 30 s; over 0.
  std::chrono::milliseconds subscriber_timeout{30000};
  /// With WhenFull::Wait, a subscriber that acknowledges, and for whom a full ring waits, is given up (TooSlow) when it acknowledges nothing more
  /// for so long: heartbeats alone do not hold the engine for ever. Default 60 s; over 0.
  std::chrono::milliseconds ack_timeout{60000};
  /// Subscribers at a time; one more is told goodbye (Busy). Default 16; 1 to 1024.
  std::size_t max_subscribers = 16;
  /// Connections that have not subscribed yet; one more is told goodbye (Busy). Default 64; 1 to 1024.
  std::size_t max_handshakes = 64;
  /// Longest frame accepted from a subscribed host, bytes. Default 1 MiB; 1 KiB to 64 MiB. Before the subscription it is 1 KiB.
  std::size_t max_host_frame_bytes = std::size_t{1} << 20;

  /// Takes parameter updates, when set. Called once an update, never for one that was decided before, is older than what is in force, or
  /// ran out. It must not call stop().
  std::function<ParameterDecision(const ParameterUpdate&)> on_parameters;
  /// Takes scores, when set.
  std::function<void(const OpportunityScores&)> on_scores;
  /// The thread of both.
  ControlThread control_thread = ControlThread::Io;
  /// Revisions in force from an earlier run, by strategy, of an engine that keeps its parameters.
  std::map<std::uint16_t, std::uint64_t> revisions;

  /// Told who comes and goes, and why. Called on the I/O thread; the text is one line.
  std::function<void(LogLevel, const std::string&)> on_log;
  /// Called on the I/O thread before anything else: the place to name it or to pin it to a core.
  std::function<void()> on_io_thread;
};

/// What a publisher did so far.
struct PublisherStats {
  std::uint64_t published = 0;         ///< Records that the I/O thread took over.
  std::uint64_t dropped = 0;           ///< Records dropped by WhenFull::DropAndTell.
  std::uint64_t first_retained = 1;    ///< Sequence of the oldest record that can be replayed.
  std::uint64_t next_sequence = 1;     ///< Sequence that comes next, by what the I/O thread took over.
  std::uint64_t acknowledged = 0;      ///< Every connected subscriber that acknowledges made the records up to it durable; while none is connected, the highest that one did. 0 = nothing yet.
  std::uint64_t lost = 0;              ///< Records that were given up before any host is known to have them, as found when the next one came, or one was too slow.
  std::uint64_t sent_bytes = 0;        ///< Bytes that sockets accepted.
  std::uint64_t overtaken = 0;         ///< Records that a slow subscriber was not sent, because the retention went on without it.
  std::uint64_t refused = 0;           ///< Connections that were refused or ended for breaking the protocol.
  std::size_t subscribers = 0;         ///< Hosts that are being served.
};

namespace detail {

using Clock = std::chrono::steady_clock;

inline std::uint64_t unix_nanoseconds() noexcept {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

// Both of glibc and macOS; at most 256 bytes a call.
inline bool random_bytes(void* to, std::size_t size) noexcept { return ::getentropy(to, size) == 0; }

// Text that a peer chose, for logs and terminals: it must not be able to forge lines, move a cursor, or turn the direction of what stands beside
// it. Replaces ASCII and C1 controls, the separators U+2028 and U+2029, and the invisible marks U+061C, U+200B-200F, U+202A-202E, U+2060-206F, U+FEFF.
inline void defuse(std::string& text) {
  const auto at = [&text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned a = at(i), b = at(i + 1), c = at(i + 2);
    const bool two = (a == 0xC2 && b >= 0x80 && b <= 0x9F) || (a == 0xD8 && b == 0x9C);
    const bool three = (a == 0xE2 && b == 0x80 && ((c >= 0x8B && c <= 0x8F) || (c >= 0xA8 && c <= 0xAE))) || (a == 0xE2 && b == 0x81 && c >= 0xA0 && c <= 0xAF) ||
                       (a == 0xEF && b == 0xBB && c == 0xBF);
    if (two || three)
      text.replace(i, two ? 2 : 3, 1, '?');
    else if (a < 0x20 || a == 0x7F)
      text[i] = '?';
  }
}

inline std::string errno_text(int error) {
  char buffer[128];
  buffer[0] = '\0';
#if defined(__GLIBC__) && defined(_GNU_SOURCE)
  return ::strerror_r(error, buffer, sizeof buffer);
#else
  return ::strerror_r(error, buffer, sizeof buffer) == 0 ? std::string(buffer) : "error " + std::to_string(error);
#endif
}

class FileHandle {
 public:
  explicit FileHandle(int fd = -1) noexcept : fd_(fd) {}
  FileHandle(FileHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~FileHandle() { reset(); }
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  void reset() noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

inline bool set_nonblocking(int fd) noexcept {
  const int flags = ::fcntl(fd, F_GETFL);
  return flags >= 0 && ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 && ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

// Wakes a thread out of poll().
class WakeHandle {
 public:
  bool open() noexcept {
#if defined(__linux__)
    read_ = FileHandle(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    return static_cast<bool>(read_);
#else
    int fds[2];
    if (::pipe(fds) != 0) return false;
    read_ = FileHandle(fds[0]);
    write_ = FileHandle(fds[1]);
    return set_nonblocking(fds[0]) && set_nonblocking(fds[1]);
#endif
  }
  int fd() const noexcept { return read_.get(); }
  void wake() noexcept {
    const std::uint64_t one = 1;
    // A full pipe or counter means that it is awake already.
    [[maybe_unused]] const auto written = ::write(write_ ? write_.get() : read_.get(), &one, sizeof one);
  }
  void clear() noexcept {
    std::uint64_t buffer[64];
    while (::read(read_.get(), buffer, sizeof buffer) > 0 && write_) {
    }
  }

 private:
  FileHandle read_;
  FileHandle write_;
};

// The memory that records live in: written by the publishing thread, checked, sent and given up by the I/O thread. Positions count
// bytes for ever; a frame never straddles the end, where a length of 0 sends the reader back to the front.
class RecordRing {
 public:
  bool allocate(std::size_t bytes) {
    size_ = (bytes + 63) & ~std::size_t{63};
    memory_.reset(new (std::nothrow) Line[size_ / sizeof(Line)]);
    if (memory_ == nullptr) return false;
    base_ = memory_.get()->bytes;
    // Touched now, so that the publishing thread never waits for a page.
    std::memset(base_, 0, size_);
    return true;
  }

  std::size_t size() const noexcept { return size_; }

  // --- the publishing thread ---
  std::uint8_t* reserve(std::size_t bytes) noexcept {
    const std::size_t to_end = size_ - offset_;
    const std::size_t needed = bytes <= to_end ? bytes : to_end + bytes;
    if (position_ + needed - tail_seen_ > size_) {
      tail_seen_ = tail_.load(std::memory_order_seq_cst);
      if (position_ + needed - tail_seen_ > size_) return nullptr;
    }
    return base_ + (bytes <= to_end ? offset_ : 0);
  }

  void commit(const std::uint8_t* at, std::size_t bytes) noexcept {
    if (at == base_ && offset_ != 0) {
      store(base_ + offset_, std::uint32_t{0});
      position_ += size_ - offset_;
      offset_ = 0;
    }
    position_ += bytes;
    offset_ += bytes;
    if (offset_ == size_) offset_ = 0;
    ++next_sequence_;
    head_.store(position_, std::memory_order_seq_cst);
  }

  std::uint64_t next_sequence() const noexcept { return next_sequence_; }

  void drop() noexcept { dropped_before_.store(++next_sequence_, std::memory_order_seq_cst); }

  // --- the I/O thread ---
  // To be read before head(): every record below it that was not dropped is then within head().
  std::uint64_t dropped_before() const noexcept { return dropped_before_.load(std::memory_order_seq_cst); }
  std::uint64_t head() const noexcept { return head_.load(std::memory_order_seq_cst); }
  std::uint64_t tail() const noexcept { return tail_.load(std::memory_order_relaxed); }
  void set_tail(std::uint64_t tail) noexcept { tail_.store(tail, std::memory_order_seq_cst); }
  std::uint8_t* at(std::uint64_t position) const noexcept { return base_ + position % size_; }
  std::size_t to_end(std::uint64_t position) const noexcept { return size_ - static_cast<std::size_t>(position % size_); }

 private:
  struct alignas(64) Line {
    std::uint8_t bytes[64];
  };

  std::unique_ptr<Line[]> memory_;
  std::uint8_t* base_ = nullptr;
  std::size_t size_ = 0;
  // Each thread's own variables on cache lines of their own: otherwise every commit would take the line from the other core.
  alignas(64) std::uint64_t position_ = 0;
  std::size_t offset_ = 0;
  std::uint64_t tail_seen_ = 0;
  std::uint64_t next_sequence_ = 1;
  alignas(64) std::atomic<std::uint64_t> head_{0};
  std::atomic<std::uint64_t> dropped_before_{1};
  alignas(64) std::atomic<std::uint64_t> tail_{0};
};

// Where a reader of the retention stands: the next sequence, and as long as it is known, its place.
struct Cursor {
  std::uint64_t sequence = 1;
  std::uint64_t chunk = 0;
  std::uint64_t position = 0;
  bool known = false;
};

// What a reader of the retention gets next.
struct Step {
  enum class Kind { Wait, Frames, Missing } kind = Kind::Wait;
  std::uint64_t begin = 0, end = 0;       // Frames: positions in the ring, without a wrap between them
  std::uint64_t first = 0, last = 0;      // sequences of the frames, or of what is missing
  GapCause cause = GapCause::Unspecified;  // Missing
  std::uint64_t chunk = 0;
};

// The I/O thread's view of the ring: which sequences lie where. Chunks of about 64 KiB are the index; what is not in a chunk between two
// others was dropped by the publishing thread.
class Retention {
 public:
  explicit Retention(RecordRing& ring, std::size_t headroom) noexcept
      : ring_(ring), headroom_(headroom), chunk_bytes_(std::clamp<std::size_t>(ring.size() / 64, 4096, 65536)) {}

  std::uint64_t next() const noexcept { return next_; }
  std::uint64_t first() const noexcept { return chunks_.empty() ? next_ : chunks_.front().first; }
  std::uint64_t dropped() const noexcept { return dropped_; }
  std::uint64_t last_record() const noexcept { return last_record_; }
  std::uint64_t sealed() const noexcept { return sealed_; }

  // Takes over what was published: checksums, index, gaps. Returns whether more is waiting.
  bool seal(std::size_t budget) {
    const std::uint64_t dropped_before = ring_.dropped_before();
    const std::uint64_t head = ring_.head();
    const std::uint64_t stop = sealed_ + budget;
    std::uint8_t* const front = ring_.at(0);
    std::uint8_t* frame = ring_.at(sealed_);
    while (sealed_ < head && sealed_ < stop) {
      const std::size_t length = load<std::uint32_t>(frame);
      if (length == 0) {
        sealed_ += ring_.to_end(sealed_);
        frame = front;
        continue;
      }
      store(frame + 4, frame_crc(frame, length));
      const auto sequence = load<std::uint64_t>(frame + 8);
      dropped_ += sequence - next_;
      if (frame == front || chunks_.empty() || sequence != next_ || chunks_.back().end - chunks_.back().begin >= chunk_bytes_)
        chunks_.push_back({sealed_, sealed_, sequence, sequence});
      sealed_ += length;
      frame = sealed_ % ring_.size() == 0 ? front : frame + length;
      last_record_ = sequence;
      next_ = sequence + 1;
      chunks_.back().end = sealed_;
      chunks_.back().next = next_;
    }
    if (sealed_ < head) return true;
    if (next_ < dropped_before) {
      // Dropped with nothing behind it yet: an empty chunk marks the place.
      dropped_ += dropped_before - next_;
      next_ = dropped_before;
      if (chunks_.empty() || chunks_.back().begin != chunks_.back().end)
        chunks_.push_back({sealed_, sealed_, next_, next_});
      else
        chunks_.back().first = chunks_.back().next = next_;
    }
    return false;
  }

  // Gives up the oldest chunks until the publishing thread has its headroom. `may_evict(next, end)` tells whether the records below `next`, which
  // end at `end`, may go; `leaving(tail)` is told before what is below `tail` can be overwritten.
  template <class MayEvict, class Leaving>
  bool evict(MayEvict may_evict, Leaving leaving) {
    bool moved = false;
    while (!chunks_.empty() && ring_.size() - (ring_.head() - ring_.tail()) < headroom_) {
      const Chunk& oldest = chunks_.front();
      if (!may_evict(oldest.next, oldest.end)) break;
      const std::uint64_t tail = chunks_.size() > 1 ? chunks_[1].begin : sealed_;
      leaving(tail);
      chunks_.pop_front();
      ++first_chunk_;
      ring_.set_tail(tail);
      moved = true;
    }
    return moved;
  }

  // The next thing at a cursor, below `stop`.
  Step step(Cursor& cursor, std::uint64_t stop, std::size_t budget) {
    Step step;
    stop = std::min(stop, next_);
    if (cursor.sequence >= stop) return step;
    if (cursor.sequence < first()) return missing(cursor, std::min(first(), stop) - 1, GapCause::NotRetained);
    std::size_t index = 0;
    if (cursor.known && cursor.chunk >= first_chunk_) {
      index = static_cast<std::size_t>(cursor.chunk - first_chunk_);
      if (chunks_[index].next <= cursor.sequence) {
        ++index;
        cursor.known = false;
      }
    } else {
      cursor.known = false;
    }
    if (!cursor.known && (index >= chunks_.size() || chunks_[index].next <= cursor.sequence || index == 0)) {
      const auto found = std::upper_bound(chunks_.begin(), chunks_.end(), cursor.sequence,
                                          [](std::uint64_t sequence, const Chunk& chunk) { return sequence < chunk.next; });
      if (found == chunks_.end()) return step;
      index = static_cast<std::size_t>(found - chunks_.begin());
    }
    const Chunk* chunk = &chunks_[index];
    if (cursor.sequence < chunk->first) return missing(cursor, std::min(chunk->first, stop) - 1, GapCause::Dropped);
    step.kind = Step::Kind::Frames;
    step.begin = cursor.known ? cursor.position : walk(chunk->begin, cursor.sequence - chunk->first);
    step.first = cursor.sequence;
    if (stop < chunk->next) {
      step.end = walk(step.begin, stop - cursor.sequence);
      step.last = stop - 1;
    } else {
      while (chunk->end - step.begin < budget && index + 1 < chunks_.size() && chunks_[index + 1].begin == chunk->end &&
             chunks_[index + 1].first == chunk->next && chunks_[index + 1].next <= stop && ring_.at(chunk->end) > ring_.at(step.begin))
        chunk = &chunks_[++index];
      step.end = chunk->end;
      step.last = chunk->next - 1;
    }
    step.chunk = first_chunk_ + index;
    return step;
  }

  std::uint64_t walk(std::uint64_t position, std::uint64_t frames) const noexcept {
    for (; frames > 0; --frames) position += load<std::uint32_t>(ring_.at(position));
    return position;
  }

  const RecordRing& ring() const noexcept { return ring_; }

 private:
  struct Chunk {
    std::uint64_t begin, end;   // positions
    std::uint64_t first, next;  // sequences; none are missing within a chunk
  };

  Step missing(Cursor& cursor, std::uint64_t last, GapCause cause) noexcept {
    Step step;
    step.kind = Step::Kind::Missing;
    step.first = cursor.sequence;
    step.last = last;
    step.cause = cause;
    cursor.sequence = last + 1;
    cursor.known = false;
    return step;
  }

  RecordRing& ring_;
  std::size_t headroom_;
  std::size_t chunk_bytes_;
  std::deque<Chunk> chunks_;
  std::uint64_t first_chunk_ = 0;  // number of chunks_.front() since the start
  std::uint64_t sealed_ = 0;       // position behind what was taken over
  std::uint64_t next_ = 1;
  std::uint64_t last_record_ = 0;  // the newest that was not dropped
  std::uint64_t dropped_ = 0;
};

// Frames of parts into a growing buffer; the I/O thread's own messages are small.
class FrameBuffer {
 public:
  template <class Block, class... Parts>
  void add(std::uint64_t sequence, const Block& block, Parts... parts) {
    std::size_t size = sizeof(FrameHeader) + sizeof block;
    ((size += DataLengthSize + ByteView(parts).size()), ...);
    const std::size_t at = bytes_.size();
    bytes_.resize(at + align8(size));
    FrameWriter writer(bytes_.data() + at, bytes_.size() - at);
    writer.block(block);
    (writer.data(ByteView(parts)), ...);
    writer.complete(sequence, unix_nanoseconds());
  }
  void add_bytes(const std::uint8_t* from, std::size_t size) { bytes_.insert(bytes_.end(), from, from + size); }
  const std::uint8_t* front() const noexcept { return bytes_.data() + sent_; }
  std::size_t size() const noexcept { return bytes_.size() - sent_; }
  void consume(std::size_t count) noexcept {
    sent_ += count;
    if (sent_ == bytes_.size()) {
      bytes_.clear();
      sent_ = 0;
    }
  }
  ByteView view() const noexcept { return {front(), size()}; }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t sent_ = 0;
};

// What was decided on parameter updates, and what waits for a decision.
class ControlDesk {
 public:
  struct Request {
    std::uint64_t connection = 0;
    bool is_scores = false;
    ParameterUpdateMessage update;
    OpportunityScoresMessage scores;
    std::vector<OpportunityScore> entries;
    std::string text;
  };
  struct Answer {
    std::uint64_t connection = 0;
    ParameterResultMessage result;
    std::string reason;
  };

  void open(const PublisherOptions& options) {
    on_parameters_ = options.on_parameters;
    on_scores_ = options.on_scores;
    revisions_ = options.revisions;
  }

  bool takes_parameters() const noexcept { return static_cast<bool>(on_parameters_); }
  bool takes_scores() const noexcept { return static_cast<bool>(on_scores_); }

  // Waiting room for ControlThread::Poll. False when there is no room for an update; scores are hints, of which the oldest give way.
  bool enqueue(Request&& request) {
    const std::lock_guard<std::mutex> lock(queue_gate_);
    if (queue_.size() >= MaxWaiting) {
      const auto oldest = std::find_if(queue_.begin(), queue_.end(), [](const Request& r) { return r.is_scores; });
      if (oldest == queue_.end()) return request.is_scores;
      queue_.erase(oldest);
    }
    queue_.push_back(std::move(request));
    return true;
  }

  bool dequeue(Request& request) {
    const std::lock_guard<std::mutex> lock(queue_gate_);
    if (queue_.empty()) return false;
    request = std::move(queue_.front());
    queue_.pop_front();
    return true;
  }

  bool is_full() {
    const std::lock_guard<std::mutex> lock(queue_gate_);
    return queue_.size() >= MaxWaiting;
  }

  void run_scores(const Request& request) noexcept {
    const std::lock_guard<std::mutex> lock(decision_gate_);
    MEV_TRY { on_scores_({request.scores, {request.entries.data(), request.entries.size()}, request.text}); }
    MEV_CATCH_ALL {}
  }

  // One at a time, so that two revisions of a strategy cannot overtake each other.
  Answer decide(const Request& request) {
    const std::lock_guard<std::mutex> lock(decision_gate_);
    const ParameterUpdateMessage& update = request.update;
    std::array<std::uint8_t, 16> id;
    std::copy(std::begin(update.update_id.bytes), std::end(update.update_id.bytes), id.begin());
    const auto known = decided_.find(id);
    if (known != decided_.end()) {
      Answer again = known->second;
      again.connection = request.connection;
      return again;
    }
    Answer answer;
    answer.connection = request.connection;
    answer.result.update_id = update.update_id;
    answer.result.strategy_id = update.strategy_id;
    std::uint64_t& in_force = revisions_[update.strategy_id];
    const std::uint64_t now = unix_nanoseconds();
    if (update.revision <= in_force) {
      answer.result.state = ParameterState::Superseded;
      answer.reason = "revision " + std::to_string(in_force) + " is in force.";
    } else if (update.expires_nanoseconds != 0 && update.expires_nanoseconds < now) {
      answer.result.state = ParameterState::Expired;
      answer.reason = "it had run out when it arrived.";
    } else {
      ParameterDecision decision = ParameterDecision::reject("the engine's handler threw an exception.");
      MEV_TRY { decision = on_parameters_({update, request.text}); }
      MEV_CATCH_ALL {}
      answer.result.state = decision.applied ? ParameterState::Applied : ParameterState::Rejected;
      answer.reason = decision.reason.substr(0, MaxText);
      if (decision.applied) in_force = update.revision;
    }
    answer.result.revision = in_force;
    answer.result.decided_nanoseconds = unix_nanoseconds();
    decided_.emplace(id, answer);
    order_.push_back(id);
    // What falls out of memory is not applied again either: its revision is no longer above the one in force.
    if (order_.size() > MaxRemembered) {
      decided_.erase(order_.front());
      order_.pop_front();
    }
    return answer;
  }

  void post(Answer&& answer) {
    const std::lock_guard<std::mutex> lock(queue_gate_);
    answers_.push_back(std::move(answer));
  }

  std::deque<Answer> take_answers() {
    const std::lock_guard<std::mutex> lock(queue_gate_);
    return std::exchange(answers_, {});
  }

  static constexpr std::size_t MaxText = 512;

 private:
  static constexpr std::size_t MaxWaiting = 256;
  static constexpr std::size_t MaxRemembered = 4096;

  std::function<ParameterDecision(const ParameterUpdate&)> on_parameters_;
  std::function<void(const OpportunityScores&)> on_scores_;
  std::mutex decision_gate_;
  std::map<std::uint16_t, std::uint64_t> revisions_;
  std::map<std::array<std::uint8_t, 16>, Answer> decided_;
  std::deque<std::array<std::uint8_t, 16>> order_;
  std::mutex queue_gate_;
  std::deque<Request> queue_;
  std::deque<Answer> answers_;
};

// A listening socket.
class Listener {
 public:
  FileHandle socket;
  std::string uri;

  bool open(const std::string& endpoint, std::string& error) {
    const std::string remedy = "'" + endpoint + "' is no endpoint: give tcp://HOST:PORT or unix:///PATH.";
    if (endpoint.rfind("unix://", 0) == 0) {
      path_ = endpoint.substr(7);
      if (path_.empty() || path_[0] != '/') return fail(error, remedy);
      return open_unix(endpoint, error);
    }
    if (endpoint.rfind("tcp://", 0) != 0) return fail(error, remedy);
    const std::string rest = endpoint.substr(6);
    const std::size_t colon = rest.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == rest.size() ||
        rest.find_first_not_of("0123456789", colon + 1) != std::string::npos || rest.size() - colon > 6 ||
        std::strtoul(rest.c_str() + colon + 1, nullptr, 10) > 65535)
      return fail(error, remedy);
    std::string host = rest.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    return open_tcp(endpoint, host, rest.substr(colon + 1), error);
  }

  // Removes the socket's file, unless another process has put its own there meanwhile.
  void close() noexcept {
    socket.reset();
    struct stat now {};
    if (inode_ != 0 && ::lstat(path_.c_str(), &now) == 0 && now.st_ino == inode_ && now.st_dev == device_) ::unlink(path_.c_str());
    inode_ = 0;
  }

  bool is_tcp() const noexcept { return path_.empty(); }
  bool is_public = false;

 private:
  static bool fail(std::string& error, std::string text) {
    error = std::move(text);
    return false;
  }

  bool open_tcp(const std::string& endpoint, const std::string& host, const std::string& port, std::string& error) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    if (code != 0) return fail(error, "cannot listen on " + endpoint + ": " + ::gai_strerror(code) + ".");
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    socket = FileHandle(::socket(found->ai_family, SOCK_STREAM, 0));
    const int on = 1;
    if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 || ::listen(socket.get(), 128) != 0 || !set_nonblocking(socket.get())) {
      const int reason = errno;
      return fail(error, "cannot listen on " + endpoint + ": " + errno_text(reason) + ". " +
                             (reason == EADDRINUSE ? "End the process that has the port, choose another, or give 0 for a free one."
                                                   : "Choose an address of this machine and a port that this user may bind."));
    }
    sockaddr_storage bound{};
    socklen_t length = sizeof bound;
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &length);
    char name[INET6_ADDRSTRLEN] = {};
    std::uint16_t got = 0;
    if (bound.ss_family == AF_INET6) {
      const auto& v6 = reinterpret_cast<const sockaddr_in6&>(bound);
      ::inet_ntop(AF_INET6, &v6.sin6_addr, name, sizeof name);
      got = ntohs(v6.sin6_port);
      is_public = !IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
      uri = "tcp://[" + std::string(name) + "]:" + std::to_string(got);
    } else {
      const auto& v4 = reinterpret_cast<const sockaddr_in&>(bound);
      ::inet_ntop(AF_INET, &v4.sin_addr, name, sizeof name);
      got = ntohs(v4.sin_port);
      is_public = (ntohl(v4.sin_addr.s_addr) >> 24) != 127;
      uri = "tcp://" + std::string(name) + ":" + std::to_string(got);
    }
    return true;
  }

  bool open_unix(const std::string& endpoint, std::string& error) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path_.size() >= sizeof address.sun_path)
      return fail(error, "cannot listen on " + endpoint + ": the path is longer than " + std::to_string(sizeof address.sun_path - 1) + " bytes.");
    std::memcpy(address.sun_path, path_.data(), path_.size());
    const auto* name = reinterpret_cast<const sockaddr*>(&address);
    struct stat file {};
    if (::lstat(path_.c_str(), &file) == 0) {
      if (!S_ISSOCK(file.st_mode)) return fail(error, "cannot listen on " + endpoint + ": the file is there and is no socket; choose another path.");
      const FileHandle probe(::socket(AF_UNIX, SOCK_STREAM, 0));
      if (probe && ::connect(probe.get(), name, sizeof address) == 0)
        return fail(error, "cannot listen on " + endpoint + ": another process listens there; end it or choose another path.");
      // Only a refusal says that its owner is gone: one with a full backlog, or of another user, is not ours to remove.
      if (!probe || errno != ECONNREFUSED)
        return fail(error, "cannot listen on " + endpoint + ": " + errno_text(errno) + " when asking who listens there. Choose another path, or remove the file.");
      ::unlink(path_.c_str());
    }
    socket = FileHandle(::socket(AF_UNIX, SOCK_STREAM, 0));
    // Nobody can connect between bind and listen, so the file is private before it can be used.
    if (!socket || ::bind(socket.get(), name, sizeof address) != 0 || ::chmod(path_.c_str(), S_IRUSR | S_IWUSR) != 0 ||
        ::listen(socket.get(), 128) != 0 || !set_nonblocking(socket.get()) || ::lstat(path_.c_str(), &file) != 0)
      return fail(error, "cannot listen on " + endpoint + ": " + errno_text(errno) + ". The folder must exist and be writable for this user.");
    inode_ = file.st_ino;
    device_ = file.st_dev;
    uri = endpoint;
    return true;
  }

  std::string path_;
  ino_t inode_ = 0;
  dev_t device_ = 0;
};

// One peer. The I/O thread alone touches it.
class Connection {
 public:
  enum class State { AwaitProof, AwaitSubscribe, Live, Closing, Closed };

  struct Run {
    bool active = false, is_replay = false;
    std::uint64_t begin = 0, position = 0, end = 0;  // begin is a frame's, and at most one frame before what was sent
    std::uint64_t first = 0, next = 0;               // sequences
    std::uint64_t chunk = 0;
  };

  struct Replay {
    Cursor cursor;
    std::uint64_t stop = 0;
  };

  std::uint64_t id = 0;
  FileHandle socket;
  std::string peer;
  State state = State::AwaitSubscribe;
  FrameReader reader{1024};
  std::vector<std::uint8_t> in;
  bool paused = false;  // an update waits for room at the control desk

  FrameBuffer urgent;  // the rest of a frame whose memory was given up
  Run run;
  FrameBuffer out;  // session frames; sent between runs only
  Cursor live;
  std::deque<Replay> replays;
  bool replay_turn = true;
  bool blocked = false;  // the socket takes nothing now
  bool shut = false;     // nothing more will be sent
  bool was_live = false;  // when it was told goodbye
  bool has_all = false;  // it was sent everything, and the goodbye that ends the stream
  std::string told;      // why it was told goodbye

  std::vector<std::uint8_t> hello, challenge;  // as sent: both are part of the proof
  std::uint64_t sent_position = 0;  // of the ring, behind what the socket accepted
  bool acknowledges = false;        // it acknowledged, be it that it has nothing yet: a host with a journal
  std::uint64_t acknowledged = 0;
  bool holds = false;               // the ring waits for it to acknowledge
  Clock::time_point held_since;     // since then, and since its last acknowledgement
  std::chrono::milliseconds promised{0};  // interval of the host's heartbeats; 0 = none
  Clock::time_point deadline;             // of the handshake, or of the end
  Clock::time_point last_sent, last_heard, last_progress;
};

}  // namespace detail

/// The engine's side of the stream. It listens, numbers records, keeps the newest for replay, and serves every subscriber from where it wants.
///
/// Threads: publish(), try_publish(), publish_frame(), reserve() and commit() belong to one thread at a time (or to any number with
/// PublisherOptions::many_producers). All other members may be called by any thread. A publisher runs one thread of its own, the I/O
/// thread, which computes the checksums, sends, and reads what hosts say.
///
/// A publisher draws a session id when it starts; an engine that restarts is another session, and hosts notice.
class Publisher {
 public:
  Publisher() = default;
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher() { stop(); }

  /// Starts to listen. False when that failed: error() says why and what to do. A publisher is started once.
  bool start(const PublisherOptions& options) {
    if (thread_.joinable() || session_id_ != 0) return fail("the publisher was started already; make another for another session.");
    if (!check(options)) return false;
    options_ = options;
    while (session_id_ == 0)
      if (!detail::random_bytes(&session_id_, sizeof session_id_)) return fail("the system gives no random numbers (getentropy).");
    // Two threads share it, so that the ring is what the I/O thread keeps free of the whole.
    if (!ring_.allocate(options.retention_bytes + options.ring_bytes))
      return fail("no memory for retention_bytes + ring_bytes; give less.");
    max_frame_bytes_ = std::min<std::size_t>(options.ring_bytes / 4, std::numeric_limits<std::int32_t>::max()) & ~(Alignment - 1);
    retention_ = std::make_unique<detail::Retention>(ring_, options.ring_bytes);
    if (!wake_.open()) return fail("no handle to wake the I/O thread: " + detail::errno_text(errno) + ".");
    for (const std::string& endpoint : options.listen) {
      detail::Listener listener;
      if (!listener.open(endpoint, error_)) {
        for (auto& opened : listeners_) opened.close();
        listeners_.clear();
        return false;
      }
      endpoints_.push_back(listener.uri);
      listeners_.push_back(std::move(listener));
    }
    desk_.open(options_);
    open_.store(true, std::memory_order_release);
    thread_ = std::thread([this] { run(); });
    return true;
  }

  /// Why start() failed.
  const std::string& error() const noexcept { return error_; }
  /// Where the publisher listens, with the ports it got.
  const std::vector<std::string>& endpoints() const noexcept { return endpoints_; }
  /// The session drawn at start; never 0 then.
  std::uint64_t session_id() const noexcept { return session_id_; }
  /// The longest frame that can be published: a quarter of ring_bytes.
  std::size_t max_frame_bytes() const noexcept { return max_frame_bytes_; }

  // --- publishing: noexcept, without allocation; `time` is when it happened, nanoseconds since the Unix epoch, 0 = now ---

  Status publish(const TransactionRecord& record, Span<const SwapEntry> swaps, ByteView wire, ByteView meta, std::uint64_t time = 0) noexcept {
    return put(true, time, record, swaps, wire, meta);
  }
  Status publish(const OpportunityRecord& record, ByteView metadata = {}, std::uint64_t time = 0) noexcept { return put(true, time, record, metadata); }
  Status publish(const OutcomeRecord& record, ByteView reason = {}, std::uint64_t time = 0) noexcept { return put(true, time, record, reason); }
  Status publish(const BlockRecord& record, std::uint64_t time = 0) noexcept { return put(true, time, record); }
  Status publish(const SlotRecord& record, std::uint64_t time = 0) noexcept { return put(true, time, record); }
  Status publish(const AccountRecord& record, ByteView data, std::uint64_t time = 0) noexcept { return put(true, time, record, data); }
  Status publish(const MetricRecord& record, ByteView name, ByteView tags = {}, std::uint64_t time = 0) noexcept {
    return put(true, time, record, name, tags);
  }
  Status publish(const NodeRecord& record, ByteView name, ByteView version, ByteView addresses = {}, std::uint64_t time = 0) noexcept {
    return put(true, time, record, name, version, addresses);
  }
  Status publish(const StrategyRecord& record, ByteView name, ByteView parameters = {}, std::uint64_t time = 0) noexcept {
    return put(true, time, record, name, parameters);
  }

  /// The same, but a full ring is answered Full at once, whatever the policy, and no sequence is used up.
  Status try_publish(const TransactionRecord& record, Span<const SwapEntry> swaps, ByteView wire, ByteView meta, std::uint64_t time = 0) noexcept {
    return put(false, time, record, swaps, wire, meta);
  }
  Status try_publish(const OpportunityRecord& record, ByteView metadata = {}, std::uint64_t time = 0) noexcept { return put(false, time, record, metadata); }
  Status try_publish(const OutcomeRecord& record, ByteView reason = {}, std::uint64_t time = 0) noexcept { return put(false, time, record, reason); }
  Status try_publish(const BlockRecord& record, std::uint64_t time = 0) noexcept { return put(false, time, record); }
  Status try_publish(const SlotRecord& record, std::uint64_t time = 0) noexcept { return put(false, time, record); }
  Status try_publish(const AccountRecord& record, ByteView data, std::uint64_t time = 0) noexcept { return put(false, time, record, data); }
  Status try_publish(const MetricRecord& record, ByteView name, ByteView tags = {}, std::uint64_t time = 0) noexcept {
    return put(false, time, record, name, tags);
  }

  /// Publishes a frame that was made elsewhere, by FrameWriter or from a capture. It is copied, numbered anew, and given the time when it has none.
  Status publish_frame(ByteView frame) noexcept { return put_frame(true, frame); }
  Status try_publish_frame(ByteView frame) noexcept { return put_frame(false, frame); }

  /// Lends room in the ring for a frame of at most `bytes`, to be written in place: without a copy, by `writer`. Follows the policy as
  /// publish() does. Ok must be followed by commit() or abandon() before anything else is published.
  Status reserve(std::size_t bytes, FrameWriter& writer) noexcept { return lend(true, bytes, writer); }
  Status try_reserve(std::size_t bytes, FrameWriter& writer) noexcept { return lend(false, bytes, writer); }

  /// Publishes what was written; a frame that is no engine's record, or did not fit, is abandoned.
  Status commit(FrameWriter& writer, std::uint64_t time = 0) noexcept {
    const std::size_t length = writer.seal(ring_.next_sequence(), time != 0 ? time : detail::unix_nanoseconds());
    const bool good = length != 0 && is_engine_record(detail::load<std::uint16_t>(writer.buffer() + offsetof(FrameHeader, template_id)));
    if (good) ring_.commit(writer.buffer(), length);
    writer = {};
    unlock();
    if (good) signal();
    return good ? Status::Ok : length == 0 ? Status::TooLong : Status::NotARecord;
  }

  /// Gives the room back; nothing was published.
  void abandon(FrameWriter& writer) noexcept {
    writer = {};
    unlock();
  }

  /// Tells hosts the slot that the engine is at, by its heartbeats. Cheap; any thread.
  void set_slot(std::uint64_t slot) noexcept { slot_.store(slot, std::memory_order_relaxed); }

  /// With ControlThread::Poll: runs the callbacks of what came meanwhile on the calling thread, at most `most`; returns how many.
  std::size_t poll_control(std::size_t most = 64) {
    std::size_t done = 0;
    for (detail::ControlDesk::Request request; done < most && desk_.dequeue(request); ++done) {
      if (request.is_scores)
        desk_.run_scores(request);
      else
        desk_.post(desk_.decide(request));
    }
    if (done > 0) wake_.wake();
    return done;
  }

  /// Waits until a host is subscribed; false after the timeout.
  bool wait_for_subscriber(std::chrono::milliseconds timeout) {
    return wait(timeout, [this] { return subscribers_.load() > 0 || !open_.load(); }) && subscribers_.load() > 0;
  }

  /// Ends the stream in order, after the last publish(): every subscriber gets what is left, then a goodbye. Returns true when all who were
  /// connected have left and nothing is lost: a host acknowledged the last record, or, where no host ever acknowledges, one took everything to
  /// the goodbye; and stats().lost is 0. (What DropAndTell dropped was told by publish(), and does not count.) A host that once acknowledged (one with
  /// a journal says so when it subscribes, before anything is durable) and is away is waited for: it can still fetch its tail and acknowledge it, until the timeout. False means that records may be in no journal. The
  /// publisher goes on listening until stop(), and this may be called again to wait longer; the first goodbye stays.
  /// "Acknowledged" means by any subscriber that acknowledges: without PublisherOptions::keys whoever connects, also one that keeps nothing; with
  /// keys one that has proven one of them. An engine that must know that its own host has the records needs keys that only its host has.
  bool complete(GoodbyeCode code, std::string reason, std::chrono::milliseconds timeout) {
    {
      const std::lock_guard<std::mutex> lock(gate_);
      if (!open_.load()) return false;
      if (!closed_.load()) {
        goodbye_code_ = code;
        goodbye_reason_ = std::move(reason);
        closed_.store(true);
      }
    }
    wake_.wake();
    const auto done = [this] { return completed_.load() && has_end(); };
    return wait(timeout, [&] { return done() || !open_.load(); }) && done() && lost_.load() == 0;
  }

  /// Closes everything at once; complete() first for an orderly end. The destructor does the same. Not from a callback.
  void stop() noexcept {
    open_.store(false);
    stopping_.store(true);
    if (!thread_.joinable()) return;
    wake_.wake();
    notify();
    thread_.join();
    for (auto& listener : listeners_) listener.close();
    listeners_.clear();
  }

  PublisherStats stats() const noexcept {
    PublisherStats stats;
    stats.next_sequence = next_.load(std::memory_order_relaxed);
    stats.first_retained = first_.load(std::memory_order_relaxed);
    stats.dropped = dropped_.load(std::memory_order_relaxed);
    stats.published = stats.next_sequence - 1 - stats.dropped;
    stats.acknowledged = acknowledged_.load(std::memory_order_relaxed);
    stats.lost = lost_.load(std::memory_order_relaxed);
    stats.sent_bytes = sent_bytes_.load(std::memory_order_relaxed);
    stats.overtaken = overtaken_.load(std::memory_order_relaxed);
    stats.refused = refused_.load(std::memory_order_relaxed);
    stats.subscribers = subscribers_.load(std::memory_order_relaxed);
    return stats;
  }

 private:
  using Connection = detail::Connection;
  using Clock = detail::Clock;
  using Step = detail::Step;
  static constexpr std::size_t SealBudget = std::size_t{1} << 20;  // bytes taken over before sockets get their turn
  static constexpr std::size_t RunBudget = std::size_t{256} << 10;  // bytes sent between two chances for a session frame
  static constexpr std::size_t TurnBudget = std::size_t{1} << 20;   // bytes sent to one subscriber before the others get their turn
  // In 10 s.
  static constexpr std::uint64_t MaxStrangersLogged = 16;
  static constexpr std::size_t MaxQueuedBytes = std::size_t{1} << 20;
  static constexpr std::size_t MaxReplayRequests = 16;
  static constexpr int QuietFactor = 5;

  // ------------------------------------------------------------------------------------------------------------ the publishing thread

  static bool count(std::size_t& size, ByteView bytes, std::size_t limit) noexcept {
    if (bytes.size() > limit) return false;
    size += DataLengthSize + bytes.size();
    return true;
  }
  template <class Entry>
  static bool count(std::size_t& size, Span<const Entry> entries, std::size_t) noexcept {
    if (entries.size() > 0xFFFF) return false;
    size += GroupDimensionSize + entries.size() * sizeof(Entry);
    return true;
  }
  static void write(FrameWriter& writer, ByteView bytes) noexcept { writer.data(bytes); }
  template <class Entry>
  static void write(FrameWriter& writer, Span<const Entry> entries) noexcept {
    writer.group(entries);
  }

  template <class Record, class... Parts>
  Status put(bool by_policy, std::uint64_t time, const Record& record, const Parts&... parts) noexcept {
    static_assert(is_engine_record(Record::TemplateId), "an engine sends its own kinds of record and Slot only");
    std::size_t size = sizeof(FrameHeader) + sizeof record;
    const bool fits = (count(size, parts, max_frame_bytes_) && ... && true);
    FrameWriter writer;
    const Status status = fits ? lend(by_policy, size, writer) : Status::TooLong;
    if (status != Status::Ok) return status;
    writer.block(record);
    (write(writer, parts), ...);
    return commit(writer, time);
  }

  Status put_frame(bool by_policy, ByteView frame) noexcept {
    FrameHeader header;
    if (frame.size() >= sizeof header) std::memcpy(static_cast<void*>(&header), frame.data(), sizeof header);
    if (header.length != frame.size() || frame.size() < sizeof header || frame.size() % Alignment != 0 || header.schema_id != SchemaId ||
        !is_engine_record(header.template_id) || header.block_length > frame.size() - sizeof header)
      return Status::NotARecord;
    FrameWriter writer;
    const Status status = lend(by_policy, frame.size(), writer);
    if (status != Status::Ok) return status;
    std::memcpy(writer.buffer(), frame.data(), frame.size());
    detail::store(writer.buffer() + offsetof(FrameHeader, sequence), ring_.next_sequence());
    if (header.engine_time == 0) detail::store(writer.buffer() + offsetof(FrameHeader, engine_time), detail::unix_nanoseconds());
    ring_.commit(writer.buffer(), frame.size());
    unlock();
    signal();
    return Status::Ok;
  }

  Status lend(bool by_policy, std::size_t bytes, FrameWriter& writer) noexcept {
    bytes = bytes > max_frame_bytes_ ? bytes : align8(bytes);
    if (!open_.load(std::memory_order_acquire) || closed_.load(std::memory_order_relaxed)) return Status::Closed;
    if (bytes > max_frame_bytes_ || bytes < sizeof(FrameHeader)) return Status::TooLong;
    lock();
    std::uint8_t* to = ring_.reserve(bytes);
    if (to == nullptr) {
      const Status status = by_policy ? wait_or_drop(bytes, to) : Status::Full;
      if (status != Status::Ok) {
        unlock();
        return status;
      }
    }
    writer = FrameWriter(to, bytes);
    return Status::Ok;
  }

  Status wait_or_drop(std::size_t bytes, std::uint8_t*& to) noexcept {
    if (options_.when_full == WhenFull::DropAndTell) {
      ring_.drop();
      signal();
      return Status::Dropped;
    }
    std::unique_lock<std::mutex> guard(gate_);
    waiters_.fetch_add(1);
    // The time limit only insures against a lost notice.
    while ((to = ring_.reserve(bytes)) == nullptr && open_.load()) changed_.wait_for(guard, std::chrono::milliseconds(50));
    waiters_.fetch_sub(1);
    return to != nullptr ? Status::Ok : Status::Closed;
  }

  void lock() noexcept {
    if (options_.many_producers)
      while (producing_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  }
  void unlock() noexcept {
    if (options_.many_producers) producing_.clear(std::memory_order_release);
  }

  // The I/O thread says that it sleeps and then looks at the ring once more; this looks the other way round, so one of them notices.
  void signal() noexcept {
    if (options_.wakeup == Wakeup::Signal && sleeping_.load(std::memory_order_seq_cst) && sleeping_.exchange(false)) wake_.wake();
  }

  // -------------------------------------------------------------------------------------------------------------------- any thread

  bool fail(std::string text) {
    error_ = std::move(text);
    return false;
  }

  bool check(const PublisherOptions& o) {
    using std::chrono::microseconds;
    using std::chrono::milliseconds;
    const auto between = [](auto value, auto low, auto high) { return value >= low && value <= high; };
    const std::size_t kib = 1024, gib = std::size_t{1} << 30;
    if (o.listen.empty()) return fail("listen is empty; give tcp://HOST:PORT or unix:///PATH.");
    if (o.name.empty() || o.name.size() > detail::ControlDesk::MaxText) return fail("name must have 1 to 512 bytes.");
    for (const std::string& key : o.keys)
      if (key.size() < MinKeyBytes) return fail("a key has " + std::to_string(key.size()) + " bytes; give at least 16 random ones.");
    if (!between(o.retention_bytes, 64 * kib, 16 * gib)) return fail("retention_bytes must be 64 KiB to 16 GiB.");
    if (!between(o.ring_bytes, 64 * kib, 4 * gib)) return fail("ring_bytes must be 64 KiB to 4 GiB.");
    if (!between(o.wake_interval, microseconds(10), microseconds(1000000))) return fail("wake_interval must be 10 us to 1 s.");
    if (!between(o.heartbeat_interval, milliseconds(10), milliseconds(60000))) return fail("heartbeat_interval must be 10 ms to 60 s.");
    if (o.handshake_timeout <= milliseconds(0)) return fail("handshake_timeout must be over 0.");
    if (o.subscriber_timeout <= milliseconds(0)) return fail("subscriber_timeout must be over 0.");
    if (o.ack_timeout <= milliseconds(0)) return fail("ack_timeout must be over 0.");
    if (!between(o.max_subscribers, std::size_t{1}, std::size_t{1024})) return fail("max_subscribers must be 1 to 1024.");
    if (!between(o.max_handshakes, std::size_t{1}, std::size_t{1024})) return fail("max_handshakes must be 1 to 1024.");
    if (!between(o.max_host_frame_bytes, kib, 64 * kib * kib)) return fail("max_host_frame_bytes must be 1 KiB to 64 MiB.");
    return true;
  }

  template <class Condition>
  bool wait(std::chrono::milliseconds timeout, Condition condition) {
    std::unique_lock<std::mutex> guard(gate_);
    waiters_.fetch_add(1);
    const auto until = Clock::now() + timeout;
    bool met = condition();
    while (!met && Clock::now() < until) {
      changed_.wait_for(guard, std::min<Clock::duration>(until - Clock::now(), std::chrono::milliseconds(50)));
      met = condition();
    }
    waiters_.fetch_sub(1);
    return met;
  }

  void notify() noexcept {
    const std::lock_guard<std::mutex> guard(gate_);
    changed_.notify_all();
  }

  // ----------------------------------------------------------------------------------------------------------------- the I/O thread

  // Of peers that have not subscribed: whoever can connect must not be able to fill the engine's log.
  void log_of_stranger(const std::string& text) {
    if (now_ - strangers_since_ >= std::chrono::seconds(10)) {
      if (strangers_unsaid_ > 0)
        log(LogLevel::Warning, std::to_string(strangers_unsaid_) + " more peers were turned away before they had subscribed; see PublisherStats::refused.");
      strangers_since_ = now_;
      strangers_said_ = strangers_unsaid_ = 0;
    }
    if (strangers_said_ < MaxStrangersLogged) {
      ++strangers_said_;
      log(LogLevel::Warning, text);
    } else {
      ++strangers_unsaid_;
    }
  }

  void log(LogLevel level, const std::string& text) noexcept {
    if (!options_.on_log) return;
    MEV_TRY { options_.on_log(level, text); }
    MEV_CATCH_ALL {}
  }

  void run() noexcept {
    MEV_TRY {
      if (options_.on_io_thread) options_.on_io_thread();
      for (const auto& listener : listeners_)
        if (listener.is_public && options_.keys.empty())
          log(LogLevel::Warning, listener.uri + " can be reached from other machines and asks for no key; set PublisherOptions::keys.");
      buffer_.resize(std::size_t{64} << 10);
      while (!stopping_.load(std::memory_order_acquire)) turn();
    }
    MEV_CATCH_ALL { log(LogLevel::Error, "the I/O thread ran out of memory, or a callback threw; the stream is closed."); }
    open_.store(false);
    connections_.clear();
    subscribers_.store(0);
    notify();
  }

  void turn() {
    const bool closing = closed_.load(std::memory_order_acquire);  // before seal(): what was published before it is then all there
    const std::uint64_t before = retention_->sealed();
    const bool more = retention_->seal(SealBudget);
    for (auto& answer : desk_.take_answers()) deliver(answer);
    now_ = Clock::now();
    bool busy = more;
    for (auto& connection : connections_) busy = serve(*connection, closing && !more) || busy;
    // Behind the sending, so that only who cannot take more is overtaken.
    const std::uint64_t reserve = options_.retention_bytes / 4;
    const bool moved = retention_->evict([&](std::uint64_t next, std::uint64_t end) { return may_evict(next, end, reserve); },
                                         [&](std::uint64_t tail) { leave_behind(tail); });
    sweep();
    if ((report(closing && !more) || moved) && waiters_.load(std::memory_order_seq_cst) > 0) notify();
    if (busy || retention_->sealed() != before) last_busy_ = now_;
    sleep(busy);
  }

  // With WhenFull::Wait, what a subscriber would lose stays: for one that acknowledges what is not yet durable, else what was not sent
  // and a reserve of what may still be on its way in the sockets' buffers.
  bool may_evict(std::uint64_t next, std::uint64_t end, std::uint64_t reserve) noexcept {
    if (options_.when_full == WhenFull::DropAndTell) return true;
    bool held = false;
    for (const auto& c : connections_) {
      if (c->state != Connection::State::Live) continue;
      if (!c->acknowledges) {
        held = held || next > c->live.sequence || end + reserve > c->sent_position;
      } else if (next > c->acknowledged + 1) {
        if (!c->holds) c->held_since = now_;
        c->holds = held = true;
      } else {
        c->holds = false;
      }
    }
    return !held;
  }

  // Before memory below `tail` is given up: a frame that is half sent is finished from a copy, and its reader goes on where it can.
  void leave_behind(std::uint64_t tail) {
    for (auto& connection : connections_) {
      Connection& c = *connection;
      if (!c.run.active || c.run.begin >= tail) continue;
      advance_to_boundary(c.run);
      if (c.run.begin < tail) cut(c);
    }
  }

  void advance_to_boundary(Connection::Run& run) const noexcept {
    while (run.begin < run.end) {
      const std::uint64_t behind = retention_->walk(run.begin, 1);
      if (behind > run.position) return;
      run.begin = behind;
      ++run.first;
    }
  }

  // Ends a run at the next boundary of a frame.
  void cut(Connection& c) {
    advance_to_boundary(c.run);
    if (c.run.position > c.run.begin) {
      const std::uint64_t behind = retention_->walk(c.run.begin, 1);
      c.urgent.add_bytes(ring_.at(c.run.position), static_cast<std::size_t>(behind - c.run.position));
      ++c.run.first;
    }
    c.run.active = false;
    detail::Cursor* cursor = c.run.is_replay ? (c.replays.empty() ? nullptr : &c.replays.front().cursor) : &c.live;
    if (cursor != nullptr) {
      cursor->sequence = c.run.first;
      cursor->known = false;
    }
  }

  // Returns whether something changed that wait() may be waiting for.
  bool report(bool closing) {
    std::size_t live = 0;
    std::uint64_t acknowledged = std::numeric_limits<std::uint64_t>::max();
    bool old_ones = false;
    if (closing && last_id_before_end_ == 0) last_id_before_end_ = next_id_;
    for (const auto& c : connections_) {
      if (c->state == Connection::State::Live) {
        ++live;
        if (c->acknowledges) acknowledged = std::min(acknowledged, c->acknowledged);
      }
      old_ones = old_ones || c->id < last_id_before_end_;
    }
    bool changed = subscribers_.exchange(live) != live;
    acknowledged_.store(std::min(acknowledged, durable_.load(std::memory_order_relaxed)), std::memory_order_relaxed);
    last_record_.store(retention_->last_record());
    next_.store(retention_->next(), std::memory_order_relaxed);
    first_.store(retention_->first(), std::memory_order_relaxed);
    dropped_.store(retention_->dropped(), std::memory_order_relaxed);
    if (closing && !old_ones && !completed_.exchange(true)) changed = true;
    return std::exchange(kept_more_, false) || changed;
  }

  void sweep() {
    const auto gone = std::remove_if(connections_.begin(), connections_.end(),
                                     [](const auto& c) { return c->state == Connection::State::Closed; });
    connections_.erase(gone, connections_.end());
  }

  void sleep(bool busy) {
    polled_.clear();
    polled_.push_back({wake_.fd(), POLLIN, 0});
    const bool accepting = now_ >= accept_again_;
    for (const auto& listener : listeners_) polled_.push_back({accepting ? listener.socket.get() : -1, POLLIN, 0});
    auto until = now_ + std::chrono::seconds(10);
    if (!accepting) until = std::min(until, accept_again_);
    if (options_.wakeup == Wakeup::Interval) {
      // An engine that is quiet should not cost a tenth of a core.
      const bool is_quiet = now_ - last_busy_ > std::chrono::milliseconds(100);
      until = std::min<Clock::time_point>(until, now_ + options_.wake_interval * (is_quiet ? QuietFactor : 1));
    }
    for (const auto& c : connections_) {
      const bool reads = !c->paused || !desk_.is_full();
      if (c->paused && reads) busy = true;
      polled_.push_back({c->socket.get(), static_cast<short>((reads ? POLLIN : 0) | (c->blocked ? POLLOUT : 0)), 0});
      until = std::min(until, next_deadline(*c));
    }
    bool sleeps = !busy;
    if (sleeps) {
      sleeping_.store(true, std::memory_order_seq_cst);
      sleeps = ring_.head() == retention_->sealed() && ring_.dropped_before() <= retention_->next() && !stopping_.load();
    }
    const auto wait = sleeps ? std::max<Clock::duration>(until - now_, Clock::duration::zero()) : Clock::duration::zero();
#if defined(__linux__)
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(wait).count();
    const timespec limit{static_cast<time_t>(nanoseconds / 1000000000), static_cast<long>(nanoseconds % 1000000000)};
    const int ready = ::ppoll(polled_.data(), polled_.size(), &limit, nullptr);
#else
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(wait + std::chrono::microseconds(999)).count();
    const int ready = ::poll(polled_.data(), static_cast<nfds_t>(polled_.size()), static_cast<int>(milliseconds));
#endif
    sleeping_.store(false, std::memory_order_seq_cst);
    now_ = Clock::now();
    // A paused connection's bytes are in memory already, so no socket announces them.
    const std::size_t peers = connections_.size();
    for (std::size_t i = 0; i < peers; ++i) {
      Connection& c = *connections_[i];
      const short events = ready > 0 ? polled_[1 + listeners_.size() + i].revents : short{0};
      if (c.paused && !desk_.is_full()) parse(c);
      if ((events & POLLOUT) != 0) c.blocked = false;
      if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && c.state != Connection::State::Closed) receive(c);
    }
    if (ready <= 0) return;
    if ((polled_[0].revents & POLLIN) != 0) wake_.clear();
    for (std::size_t i = 0; i < listeners_.size(); ++i)
      if ((polled_[1 + i].revents & POLLIN) != 0) accept(listeners_[i]);
  }

  Clock::time_point next_deadline(const Connection& c) const noexcept {
    if (c.state != Connection::State::Live) return c.deadline;
    auto until = c.last_sent + options_.heartbeat_interval;
    if (c.blocked) until = c.last_progress + options_.subscriber_timeout;
    if (c.promised.count() > 0 && !c.paused) until = std::min(until, c.last_heard + 3 * c.promised);
    if (c.holds) until = std::min(until, c.held_since + options_.ack_timeout);
    return until;
  }

  void accept(detail::Listener& listener) {
    for (int i = 0; i < 64; ++i) {
      sockaddr_storage from{};
      socklen_t length = sizeof from;
      detail::FileHandle socket(::accept(listener.socket.get(), reinterpret_cast<sockaddr*>(&from), &length));
      if (!socket) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
          // A lasting condition must not keep the thread spinning.
          log_of_stranger("cannot accept a connection: " + detail::errno_text(errno) + ".");
          accept_again_ = now_ + std::chrono::milliseconds(100);
        }
        return;
      }
      detail::set_nonblocking(socket.get());
      const int on = 1;
      if (listener.is_tcp()) ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
#if defined(SO_NOSIGPIPE)
      ::setsockopt(socket.get(), SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
      welcome(std::move(socket), name_of(from, listener));
    }
  }

  static std::string name_of(const sockaddr_storage& from, const detail::Listener& listener) {
    char text[INET6_ADDRSTRLEN] = {};
    if (from.ss_family == AF_INET) {
      const auto& v4 = reinterpret_cast<const sockaddr_in&>(from);
      ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
      return std::string(text) + ":" + std::to_string(ntohs(v4.sin_port));
    }
    if (from.ss_family == AF_INET6) {
      const auto& v6 = reinterpret_cast<const sockaddr_in6&>(from);
      ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
      return "[" + std::string(text) + "]:" + std::to_string(ntohs(v6.sin6_port));
    }
    return "a peer on " + listener.uri;
  }

  void welcome(detail::FileHandle socket, std::string peer) {
    std::size_t live = 0;
    for (const auto& c : connections_) live += c->state == Connection::State::Live ? 1u : 0u;
    if (live >= options_.max_subscribers) {
      refuse(socket, "the engine serves as many subscribers as it is allowed to.");
      log_of_stranger(peer + " was refused: too many subscribers.");
      return;
    }
    if (connections_.size() - live >= options_.max_handshakes) {
      // A handshake takes a host milliseconds: the oldest that is not through is the one least likely to be a host's.
      const auto oldest = std::find_if(connections_.begin(), connections_.end(), [](const auto& o) { return o->state != Connection::State::Live; });
      if ((*oldest)->state != Connection::State::Closing) refuse((*oldest)->socket, "too many connections wait to subscribe.");
      log_of_stranger((*oldest)->peer + " was given up: too many connections wait to subscribe.");
      connections_.erase(oldest);
    }
    auto connection = std::make_unique<Connection>();
    Connection& c = *connection;
    c.id = next_id_++;
    c.socket = std::move(socket);
    c.peer = std::move(peer);
    c.deadline = now_ + options_.handshake_timeout;
    c.last_sent = c.last_heard = c.last_progress = now_;
    HelloMessage hello;
    hello.session_id = session_id_;
    hello.first_retained_sequence = retention_->first();
    hello.next_sequence = retention_->next();
    hello.heartbeat_milliseconds = static_cast<std::uint32_t>(options_.heartbeat_interval.count());
    hello.flags = StreamFlags::Replays | (options_.simulated ? StreamFlags::Simulated : StreamFlags::None) |
                  (options_.keys.empty() ? StreamFlags::None : StreamFlags::Authenticated) |
                  (desk_.takes_parameters() ? StreamFlags::TakesParameters : StreamFlags::None) |
                  (desk_.takes_scores() ? StreamFlags::TakesScores : StreamFlags::None);
    c.out.add(hello.next_sequence - 1, hello, options_.name);
    if (!options_.keys.empty()) {
      c.hello.assign(c.out.view().begin(), c.out.view().end());
      ChallengeMessage challenge;
      if (!detail::random_bytes(&challenge.nonce, sizeof challenge.nonce)) return;
      c.out.add(hello.next_sequence - 1, challenge);
      const ByteView sent = c.out.view().from(c.hello.size());
      c.challenge.assign(sent.begin(), sent.end());
      c.state = Connection::State::AwaitProof;
    }
    connections_.push_back(std::move(connection));
  }

  void refuse(const detail::FileHandle& socket, std::string_view reason) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    detail::FrameBuffer goodbye;
    GoodbyeMessage message;
    message.code = GoodbyeCode::Busy;
    goodbye.add(0, message, reason);
    [[maybe_unused]] const auto sent = ::send(socket.get(), goodbye.front(), goodbye.size(), SendFlags);
    ::shutdown(socket.get(), SHUT_WR);
  }

  // --- sending ---

  // Sends what a connection may be sent now; returns whether it got something and could take more.
  bool serve(Connection& c, bool closing) {
    if (c.state == Connection::State::Closed || !watch(c)) return false;
    std::size_t sent = 0;
    while (!c.blocked && sent < TurnBudget && c.state != Connection::State::Closed) {
      if (c.urgent.size() > 0) {
        sent += send(c, c.urgent);
      } else if (c.run.active) {
        sent += send_run(c);
      } else if (c.out.size() > 0) {
        sent += send(c, c.out);
      } else if (c.state == Connection::State::Closing) {
        // Closing a socket with unread acknowledgements in its buffer would reset it and may cost the host the tail: the host closes first.
        if (!c.shut) ::shutdown(c.socket.get(), SHUT_WR);
        c.shut = true;
        return false;
      } else if (!produce(c, closing)) {
        return false;
      }
    }
    return !c.blocked;
  }

  // The limits of time. False when the connection was closed.
  bool watch(Connection& c) {
    if (c.state == Connection::State::Live) {
      if (c.blocked && now_ - c.last_progress > options_.subscriber_timeout) return close(c, "it accepted nothing for too long.");
      if (c.out.size() > MaxQueuedBytes) return close(c, "it asks, but does not take the answers.");
      if (c.promised.count() > 0 && !c.paused && now_ - c.last_heard > 3 * c.promised)
        end(c, GoodbyeCode::TooSlow, "three of the host's heartbeats did not come.");
      else if (c.holds && now_ - c.held_since > options_.ack_timeout)
        end(c, GoodbyeCode::TooSlow, "the engine waited for it, and it acknowledged nothing.");
    } else if (now_ > c.deadline) {
      if (c.state == Connection::State::Closing) return close(c, c.shut ? "it did not close its side after the goodbye." : "it did not take the goodbye.");
      end(c, GoodbyeCode::TooSlow, "the host did not subscribe in time.");
    }
    return true;
  }

  // Chooses what comes next: answers and records in turns, then the goodbye, then a heartbeat. False when there is nothing.
  bool produce(Connection& c, bool closing) {
    if (c.state != Connection::State::Live) return false;
    c.replay_turn = !c.replay_turn;
    if (c.replay_turn && replay(c)) return true;
    if (follow(c, c.live, std::numeric_limits<std::uint64_t>::max(), false)) return true;
    if (replay(c)) return true;
    if (closing && c.live.sequence >= retention_->next()) {
      std::pair<GoodbyeCode, std::string> goodbye;
      {
        const std::lock_guard<std::mutex> guard(gate_);
        goodbye = {goodbye_code_, goodbye_reason_};
      }
      end(c, goodbye.first, goodbye.second);
      c.has_all = true;
      return true;
    }
    if (now_ - c.last_sent < options_.heartbeat_interval) return false;
    heartbeat(c, 0);
    return true;
  }

  bool replay(Connection& c) {
    while (!c.replays.empty()) {
      if (follow(c, c.replays.front().cursor, c.replays.front().stop, true)) return true;
      c.replays.pop_front();
    }
    return false;
  }

  bool follow(Connection& c, detail::Cursor& cursor, std::uint64_t stop, bool is_replay) {
    const Step step = retention_->step(cursor, stop, RunBudget);
    if (step.kind == Step::Kind::Wait) return false;
    if (step.kind == Step::Kind::Missing) {
      GapNoticeMessage notice;
      notice.session_id = session_id_;
      notice.first_sequence = step.first;
      notice.last_sequence = step.last;
      notice.cause = step.cause;
      c.out.add(is_replay ? last_sent(c) : step.first - 1, notice);
      if (step.cause == GapCause::NotRetained && !is_replay) {
        overtaken_.fetch_add(step.last - step.first + 1, std::memory_order_relaxed);
        note_lost(std::max(step.first, std::max(sent_through_, durable_.load()) + 1), step.last);
        log(LogLevel::Warning, c.peer + " was too slow: records " + std::to_string(step.first) + " to " + std::to_string(step.last) + " are not retained any more.");
      }
      return true;
    }
    c.run = {true, is_replay, step.begin, step.begin, step.end, step.first, step.last + 1, step.chunk};
    return true;
  }

  std::size_t send_run(Connection& c) {
    const std::size_t sent = send(c, ring_.at(c.run.position), static_cast<std::size_t>(c.run.end - c.run.position));
    c.run.position += sent;
    if (!c.run.is_replay) c.sent_position = std::max(c.sent_position, c.run.position);
    if (c.run.position == c.run.end) {
      detail::Cursor& cursor = c.run.is_replay ? c.replays.front().cursor : c.live;
      cursor.sequence = c.run.next;
      if (!c.run.is_replay) sent_through_ = std::max(sent_through_, c.run.next - 1);
      cursor.position = c.run.end;
      cursor.chunk = c.run.chunk;
      cursor.known = true;
      c.run.active = false;
    }
    return sent;
  }

  std::size_t send(Connection& c, detail::FrameBuffer& from) {
    const std::size_t sent = send(c, from.front(), from.size());
    from.consume(sent);
    return sent;
  }

  std::size_t send(Connection& c, const std::uint8_t* from, std::size_t size) {
    const auto sent = ::send(c.socket.get(), from, size, SendFlags);
    if (sent >= 0) {
      c.last_sent = c.last_progress = now_;
      sent_bytes_.fetch_add(static_cast<std::uint64_t>(sent), std::memory_order_relaxed);
      c.blocked = static_cast<std::size_t>(sent) < size;
      return static_cast<std::size_t>(sent);
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK)
      c.blocked = true;
    else if (errno != EINTR)
      close(c, detail::errno_text(errno) + ".");
    return 0;
  }

  static std::uint64_t last_sent(const Connection& c) noexcept { return c.state == Connection::State::Live ? c.live.sequence - 1 : 0; }

  void heartbeat(Connection& c, std::uint64_t echo) {
    HeartbeatMessage message;
    message.slot = slot_.load(std::memory_order_relaxed);
    message.echo_nanoseconds = echo;
    message.echo_received_nanoseconds = echo == 0 ? 0 : received_;
    c.out.add(last_sent(c), message);
  }

  void acknowledge(Connection& c, std::uint64_t sequence) {
    // The first one counts also with 0: so says a host with a journal that has nothing of this session yet.
    c.acknowledges = true;
    c.acknowledged = std::max(c.acknowledged, sequence);
    const bool subscribed = c.state == Connection::State::Live || c.was_live;
    if ((subscribed || sequence > 0) && !acknowledges_.exchange(true)) kept_more_ = true;
    if (c.acknowledged <= durable_.load(std::memory_order_relaxed)) return;
    durable_.store(c.acknowledged);
    kept_more_ = true;
  }

  // Whether somebody has the stream up to its end, now that it has ended. Sequences that were dropped are nobody's to keep.
  bool has_end() const noexcept {
    const std::uint64_t last = last_record_.load();
    const std::uint64_t durable = durable_.load();
    return last == 0 || (acknowledges_.load() ? durable >= last : took_all_.load());
  }

  // Each record once, however many come for it.
  std::uint64_t note_lost(std::uint64_t first, std::uint64_t last) noexcept {
    first = std::max(first, lost_through_ + 1);
    if (first > last) return 0;
    lost_.fetch_add(last - first + 1);
    lost_through_ = last;
    return last - first + 1;
  }

  // --- receiving ---

  void receive(Connection& c) {
    const auto got = ::recv(c.socket.get(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got < 0) {
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) close(c, detail::errno_text(errno) + ".");
      return;
    }
    if (got == 0) {
      if (c.has_all && c.shut && !took_all_.exchange(true)) kept_more_ = true;
      if (c.state == Connection::State::Closing)
        close(c, c.has_all ? "the stream was completed." : "it was told goodbye: " + c.told);
      else
        close(c, "the connection ended.");
      return;
    }
    received_ = detail::unix_nanoseconds();
    c.last_heard = now_;
    c.in.insert(c.in.end(), buffer_.begin(), buffer_.begin() + got);
    if (!c.paused) parse(c);
  }

  void parse(Connection& c) {
    c.paused = false;
    ByteView rest(c.in.data(), c.in.size());
    ByteView before = rest, frame;
    FrameStatus status = FrameStatus::NeedMoreData;
    while (c.state != Connection::State::Closed && (status = c.reader.try_read(rest, frame)) == FrameStatus::Done) {
      const auto header = detail::load<FrameHeader>(frame.data());
      if (!handle(c, header, frame)) {
        // An update finds no room at the control desk: it stays where it is, and so does all that is behind it.
        rest = before;
        c.paused = true;
        break;
      }
      before = rest;
    }
    if (status == FrameStatus::Malformed && c.state != Connection::State::Closed) {
      const std::string why = std::string("malformed frame: ") + to_text(c.reader.error()) + ".";
      rest = {};
      if (c.state == Connection::State::Closing)
        close(c, why);
      else
        end(c, GoodbyeCode::ProtocolError, why);
    }
    c.in.erase(c.in.begin(), c.in.end() - static_cast<std::ptrdiff_t>(rest.size()));
  }

  // False asks to be called with the same frame again later.
  bool handle(Connection& c, const FrameHeader& header, ByteView frame) {
    BodyReader body(frame);
    const bool is_live = c.state == Connection::State::Live;
    if (header.template_id == GoodbyeMessage::TemplateId) {
      said_goodbye(c, body);
    } else if (c.state == Connection::State::AwaitProof) {
      check_proof(c, body);
    } else if (header.template_id == AckMessage::TemplateId) {
      AckMessage ack;
      // What was never published cannot be durable. It may have been sent by an earlier connection, so that is not asked.
      if (body.block(ack) && ack.session_id == session_id_ && ack.durable_sequence < retention_->next() &&
          (ack.durable_sequence > c.acknowledged || !c.acknowledges)) {
        acknowledge(c, ack.durable_sequence);
        c.holds = false;
      }
    } else if (c.state == Connection::State::AwaitSubscribe && header.template_id == SubscribeMessage::TemplateId) {
      subscribe(c, body);
    } else if (is_live && header.template_id == SubscribeMessage::TemplateId) {
      end(c, GoodbyeCode::ProtocolError, "the host subscribed twice.");
    } else if (is_live && header.template_id == HeartbeatMessage::TemplateId) {
      heartbeat(c, std::max<std::uint64_t>(1, header.engine_time));
    } else if (is_live && header.template_id == ReplayRequestMessage::TemplateId) {
      request_replay(c, body);
    } else if (is_live && header.template_id == ParameterUpdateMessage::TemplateId && desk_.takes_parameters()) {
      return take_update(c, body);
    } else if (is_live && header.template_id == OpportunityScoresMessage::TemplateId && desk_.takes_scores()) {
      take_scores(c, body);
    }
    // Messages of a later version are skipped.
    return true;
  }

  void said_goodbye(Connection& c, BodyReader& body) {
    GoodbyeMessage goodbye;
    ByteView reason;
    std::string text;
    if (body.block(goodbye) && body.data(reason)) text.assign(reason.text().substr(0, detail::ControlDesk::MaxText));
    // It goes to logs and terminals.
    detail::defuse(text);
    close(c, "it said goodbye (" + std::to_string(static_cast<std::uint32_t>(goodbye.code)) + "): " + text);
  }

  void check_proof(Connection& c, BodyReader& body) {
    ProofMessage proof;
    bool good = false;
    Bytes32 answer;
    if (body.block(proof)) {
      for (const std::string& key : options_.keys) {
        const ByteView hello(c.hello), challenge(c.challenge);
        const bool fits = equal_in_constant_time(proof.mac, session_proof(ProofSide::Host, key, hello, challenge, proof.nonce));
        if (fits && !good) answer = session_proof(ProofSide::Engine, key, hello, challenge, proof.nonce);
        good = good || fits;
      }
    }
    if (!good) {
      end(c, GoodbyeCode::Unauthorized, "the peer did not prove that it has the key.");
      return;
    }
    ProofMessage reply;
    reply.mac = answer;
    c.out.add(0, reply);
    c.state = Connection::State::AwaitSubscribe;
  }

  void subscribe(Connection& c, BodyReader& body) {
    SubscribeMessage message;
    if (!body.block(message) || message.session_id != session_id_) {
      end(c, GoodbyeCode::ProtocolError, "the host subscribed to another session.");
      return;
    }
    const auto live = std::count_if(connections_.begin(), connections_.end(), [](const auto& o) { return o->state == Connection::State::Live; });
    if (static_cast<std::size_t>(live) >= options_.max_subscribers) {
      end(c, GoodbyeCode::Busy, "the engine serves as many subscribers as it is allowed to.");
      return;
    }
    c.live.sequence = std::clamp(message.from_sequence, retention_->first(), retention_->next());
    c.sent_position = c.live.sequence == retention_->next() ? retention_->sealed() : 0;
    c.promised = std::chrono::milliseconds(message.heartbeat_milliseconds);
    c.reader.limit(options_.max_host_frame_bytes);
    c.state = Connection::State::Live;
    // A host asks for nothing below the oldest record that the hello named, so one that begins there may lack all that is older. It is kept if a
    // journal has it, or, while no host acknowledges, if it was sent to one before.
    if (message.from_sequence <= retention_->first()) {
      const std::uint64_t durable = durable_.load();
      const std::uint64_t last = retention_->first() - 1;
      if (const std::uint64_t lost = note_lost((acknowledges_.load() ? durable : sent_through_) + 1, last))
        log(LogLevel::Warning, std::to_string(lost) + " records up to " + std::to_string(last) + " were given up before any host is known to have them; " + c.peer +
                                   " came too late. Raise retention_bytes, or wait for a host first.");
    }
    if (c.acknowledges) acknowledges_.store(true);
    log(LogLevel::Info, c.peer + " subscribed from record " + std::to_string(c.live.sequence) + ".");
  }

  void request_replay(Connection& c, BodyReader& body) {
    ReplayRequestMessage request;
    if (!body.block(request) || request.session_id != session_id_ || request.first_sequence == 0 ||
        request.last_sequence < request.first_sequence || request.last_sequence - request.first_sequence >= MaxReplayRecords) {
      end(c, GoodbyeCode::ProtocolError, "the host asked for a range that is none, or for more than 65,536 records.");
      return;
    }
    if (c.replays.size() >= MaxReplayRequests) {
      end(c, GoodbyeCode::ProtocolError, "the host asks for more ranges than it takes.");
      return;
    }
    // What lies before it comes by itself; sent twice it would look like a gap in between.
    const std::uint64_t sent = c.run.active && !c.run.is_replay ? c.run.next : c.live.sequence;
    const std::uint64_t stop = std::min(request.last_sequence + 1, sent);
    if (request.first_sequence >= stop) return;
    Connection::Replay replay;
    replay.cursor.sequence = request.first_sequence;
    replay.stop = stop;
    c.replays.push_back(replay);
  }

  bool take_update(Connection& c, BodyReader& body) {
    detail::ControlDesk::Request request;
    ByteView parameters;
    if (!body.block(request.update) || !body.data(parameters)) {
      end(c, GoodbyeCode::ProtocolError, "an update has parts that lead outside its frame.");
      return true;
    }
    request.connection = c.id;
    request.text.assign(parameters.text());
    if (options_.control_thread == ControlThread::Poll) return desk_.enqueue(std::move(request));
    deliver(desk_.decide(request));
    return true;
  }

  void take_scores(Connection& c, BodyReader& body) {
    detail::ControlDesk::Request request;
    request.is_scores = true;
    GroupView<OpportunityScore> scores;
    ByteView version;
    if (!body.block(request.scores) || !body.group(scores) || !body.data(version)) {
      end(c, GoodbyeCode::ProtocolError, "scores have parts that lead outside their frame.");
      return;
    }
    request.entries.reserve(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i) request.entries.push_back(scores[i]);
    request.text.assign(version.text());
    if (options_.control_thread == ControlThread::Poll)
      desk_.enqueue(std::move(request));
    else
      desk_.run_scores(request);
  }

  // To whoever asked last; one that is gone asks again when it is back, and is told the same.
  void deliver(const detail::ControlDesk::Answer& answer) {
    for (auto& c : connections_)
      if (c->id == answer.connection && c->state == Connection::State::Live) c->out.add(last_sent(*c), answer.result, answer.reason);
  }

  // --- ends ---

  // Says goodbye behind what was begun, and waits for the peer to close.
  void end(Connection& c, GoodbyeCode code, const std::string& reason) {
    if (c.state == Connection::State::Closing || c.state == Connection::State::Closed) return;
    const std::uint64_t last = last_sent(c);
    c.was_live = c.state == Connection::State::Live;
    if (c.run.active) cut(c);
    c.replays.clear();
    GoodbyeMessage message;
    message.code = code;
    c.out.add(std::max(last, last_sent(c)), message, ByteView(reason.data(), std::min(reason.size(), detail::ControlDesk::MaxText)));
    c.state = Connection::State::Closing;
    c.told = reason;
    c.deadline = now_ + options_.handshake_timeout;
    if (code != GoodbyeCode::EndOfStream && code != GoodbyeCode::ShuttingDown) {
      refused_.fetch_add(1, std::memory_order_relaxed);
      const std::string text = c.peer + " was told goodbye: " + reason;
      c.was_live ? log(LogLevel::Warning, text) : log_of_stranger(text);
    }
  }

  bool close(Connection& c, const std::string& why) {
    if (c.state == Connection::State::Live || (c.state == Connection::State::Closing && c.was_live)) log(LogLevel::Info, c.peer + " left: " + why);
    c.state = Connection::State::Closed;
    c.run.active = false;
    c.socket.reset();
    return false;
  }

#if defined(MSG_NOSIGNAL)
  static constexpr int SendFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
#else
  static constexpr int SendFlags = MSG_DONTWAIT;
#endif

  // Written before the I/O thread starts, read by all.
  PublisherOptions options_;
  std::string error_;
  std::vector<std::string> endpoints_;
  std::uint64_t session_id_ = 0;
  std::size_t max_frame_bytes_ = 0;

  detail::RecordRing ring_;
  std::atomic_flag producing_ = ATOMIC_FLAG_INIT;
  detail::WakeHandle wake_;
  std::atomic<bool> sleeping_{false};
  std::atomic<bool> open_{false};
  std::atomic<bool> closed_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> completed_{false};
  std::atomic<bool> took_all_{false};         // somebody took everything to the goodbye and left in order
  std::atomic<bool> acknowledges_{false};     // some subscriber acknowledged, be it that it has nothing yet
  std::atomic<std::uint64_t> durable_{0};     // the highest that any host acknowledged
  bool kept_more_ = false;                    // of the I/O thread: one of the three has changed
  std::uint64_t sent_through_ = 0, lost_through_ = 0;  // of the I/O thread: sequences
  std::atomic<std::uint64_t> slot_{0};
  std::atomic<std::uint64_t> next_{1}, first_{1}, dropped_{0}, acknowledged_{0}, sent_bytes_{0}, overtaken_{0}, refused_{0}, lost_{0}, last_record_{0};
  std::atomic<std::size_t> subscribers_{0};
  std::mutex gate_;
  std::condition_variable changed_;
  std::atomic<int> waiters_{0};
  GoodbyeCode goodbye_code_ = GoodbyeCode::Unspecified;
  std::string goodbye_reason_;
  detail::ControlDesk desk_;

  // The I/O thread's.
  std::unique_ptr<detail::Retention> retention_;
  std::vector<detail::Listener> listeners_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<pollfd> polled_;
  std::vector<std::uint8_t> buffer_;
  Clock::time_point now_{}, accept_again_{}, last_busy_{}, strangers_since_{};
  std::uint64_t strangers_said_ = 0, strangers_unsaid_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t next_id_ = 1;
  std::uint64_t last_id_before_end_ = 0;
  std::thread thread_;
};

}  // namespace mev

#undef MEV_TRY
#undef MEV_CATCH_ALL

#endif  // !_WIN32

#endif  // MEV_ENGINE_STREAM_HPP
