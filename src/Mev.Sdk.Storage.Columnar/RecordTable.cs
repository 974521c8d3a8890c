namespace Mev.Sdk.Storage.Columnar;

/// <summary>The tables that records can be exported as. Every one begins with <c>lsn</c>, <c>source_id</c>, <c>session_id</c>, <c>sequence</c> and <c>engine_time</c>.</summary>
public enum RecordTable
{
    /// <summary>Transactions, one row a sighting.</summary>
    Transactions = 0,

    /// <summary>Swaps, one row each; <c>lsn</c> is the transaction's.</summary>
    Swaps,

    /// <summary>Opportunities as they were reported.</summary>
    Opportunities,

    /// <summary>Outcomes of opportunities.</summary>
    Outcomes,

    /// <summary>Blocks.</summary>
    Blocks,

    /// <summary>Accounts as they were written.</summary>
    Accounts,

    /// <summary>Measurements.</summary>
    Metrics,

    /// <summary>Nodes of the cluster.</summary>
    Nodes,

    /// <summary>Strategies and what they did.</summary>
    Strategies,

    /// <summary>Slots and how far they came.</summary>
    Slots,

    /// <summary>Gaps in what engines sent.</summary>
    Gaps,

    /// <summary>Labels of transactions.</summary>
    Labels,

    /// <summary>Legs of labels, one row each; <c>lsn</c> is the label's.</summary>
    LabelLegs,

    /// <summary>Scores, one row a scored transaction; <c>lsn</c> is the prediction's.</summary>
    Predictions,

    /// <summary>Changes of strategies' parameters.</summary>
    ParameterChanges,

    /// <summary>What people and systems did.</summary>
    Audit,

    /// <summary>Every record of every kind as its frame: nothing is lost.</summary>
    Records,
}
