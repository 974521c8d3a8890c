namespace Mev.Sdk.Storage.Columnar.Tests;

/// <summary>A row with a column of every type.</summary>
internal sealed record Sample(
    ulong Slot, ulong Lsn, bool? Flag, byte Small, ushort Medium, uint Wide, ulong? Optional, long Signed, float Single, double? Double, ulong Nanoseconds, ulong Key, string? Name, byte[] Data)
{
    public static TableSchema<Sample> Schema { get; } = new TableSchemaBuilder<Sample>("samples")
        .UInt64("slot", static (in r) => r.Slot)
        .UInt64("lsn", static (in r) => r.Lsn)
        .Boolean("flag", static (in r) => r.Flag)
        .UInt8("small", static (in r) => r.Small)
        .UInt16("medium", static (in r) => r.Medium)
        .UInt32("wide", static (in r) => r.Wide)
        .OptionalUInt64("optional", static (in r) => r.Optional)
        .Int64("signed", static (in r) => r.Signed)
        .Float("single", static (in r) => r.Single)
        .OptionalDouble("double", static (in r) => r.Double)
        .Timestamp("time", static (in r) => r.Nanoseconds)
        .Key("key", static (in r) => r.Key == 0 ? default : TestKit.Make.Key(r.Key))
        .String("name", static (in r) => r.Name)
        .Bytes("data", static (in r) => r.Data)
        .SortBy("slot", "lsn")
        .Build();

    /// <summary>What a reader should say of it.</summary>
    public string[] Texts =>
    [
        Text(Slot), Text(Lsn), Flag is { } flag ? (flag ? "true" : "false") : "null", Text(Small), Text(Medium), Text(Wide), Optional is { } optional ? Text(optional) : "null", Text(Signed),
        Single.ToString("R", null), Double?.ToString("R", null) ?? "null", Nanoseconds is 0 or > long.MaxValue ? "null" : Text(Nanoseconds),
        KeyText, Name ?? "null", Convert.ToHexString(Data),
    ];

    /// <summary>Rows with runs, repeats, extremes and nulls, as the seed says.</summary>
    public static List<Sample> Make(int seed, int count)
    {
        var random = new Random(seed);
        var rows = new List<Sample>(count);
        var (slot, run) = ((ulong)random.Next(1_000_000), 0);
        for (var i = 0; i < count; i++)
        {
            slot += random.Next(50) == 0 ? 1UL : 0;
            run = run > 0 ? run - 1 : random.Next(8) == 0 ? random.Next(40) : 0;
            rows.Add(new Sample(
                Slot: random.Next(20) == 0 ? slot - 3 : slot,
                Lsn: (ulong)i,
                Flag: run > 0 ? null : random.Next(3) == 0,
                Small: (byte)random.Next(run > 0 ? 2 : 256),
                Medium: (ushort)random.Next(65_536),
                Wide: random.Next(5) == 0 ? uint.MaxValue : (uint)i,
                Optional: run > 0 ? null : random.Next(4) switch { 0 => ulong.MaxValue, 1 => 0, _ => (ulong)random.NextInt64() },
                Signed: random.Next(4) switch { 0 => long.MinValue, 1 => long.MaxValue, _ => random.NextInt64() - (long.MaxValue / 2) },
                Single: random.NextSingle(),
                Double: run > 5 ? null : random.Next(7),
                Nanoseconds: random.Next(3) == 0 ? 0 : 1_724_000_000_000_000_000 + (ulong)random.Next(1_000_000),
                Key: (ulong)random.Next(run > 0 ? 1 : 30),
                Name: random.Next(5) == 0 ? null : random.Next(3) == 0 ? "" : $"größe {random.Next(12)}",
                Data: Bytes(random)));
        }

        return rows;
    }

    private string KeyText
    {
        get
        {
            var key = TestKit.Make.Key(Key);
            return Key == 0 ? "null" : Convert.ToHexString(Pubkey.AsSpan(in key));
        }
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(60)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
}
