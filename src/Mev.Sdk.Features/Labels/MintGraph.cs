using Mev.Sdk.Records;

namespace Mev.Sdk.Features.Labels;

/// <summary>Mints as nodes, swaps as edges from what was given to what was got, and the net of each mint.</summary>
internal sealed class MintGraph
{
    private readonly Pubkey[] _mints;
    private readonly Int128[] _net;
    private readonly int[] _from;
    private readonly int[] _to;
    private readonly int[] _incoming;
    private int _nodes;

    public MintGraph(int maxEdges)
    {
        _mints = new Pubkey[maxEdges * 2];
        _net = new Int128[maxEdges * 2];
        _incoming = new int[maxEdges * 2];
        _from = new int[maxEdges];
        _to = new int[maxEdges];
    }

    public int Edges { get; private set; }

    public void Clear()
    {
        _nodes = 0;
        Edges = 0;
    }

    public void Add(in SwapEntry swap)
    {
        var from = NodeOf(in swap.MintIn);
        var to = NodeOf(in swap.MintOut);
        _net[from] -= swap.AmountIn;
        _net[to] += swap.AmountOut;
        _from[Edges] = from;
        _to[Edges] = to;
        Edges++;
    }

    public Int128 NetOf(in Pubkey mint)
    {
        var at = _mints.AsSpan(0, _nodes).IndexOf(mint);
        return at < 0 ? 0 : _net[at];
    }

    public int CountShort()
    {
        var count = 0;
        foreach (var net in _net.AsSpan(0, _nodes))
        {
            count += net < 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Whether some mint leads back to itself: what stays when every node without incoming edges is taken away again and again.</summary>
    public bool HasCycle()
    {
        var incoming = _incoming.AsSpan(0, _nodes);
        incoming.Clear();
        for (var e = 0; e < Edges; e++)
        {
            incoming[_to[e]]++;
        }

        var left = _nodes;
        for (var changed = true; changed;)
        {
            changed = false;
            for (var n = 0; n < incoming.Length; n++)
            {
                if (incoming[n] != 0)
                {
                    continue;
                }

                incoming[n] = -1;
                left--;
                changed = true;
                for (var e = 0; e < Edges; e++)
                {
                    incoming[_to[e]] -= _from[e] == n ? 1 : 0;
                }
            }
        }

        return left > 0;
    }

    private int NodeOf(in Pubkey mint)
    {
        var at = _mints.AsSpan(0, _nodes).IndexOf(mint);
        if (at >= 0)
        {
            return at;
        }

        _mints[_nodes] = mint;
        _net[_nodes] = 0;
        return _nodes++;
    }
}
