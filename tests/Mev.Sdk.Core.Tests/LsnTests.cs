namespace Mev.Sdk.Tests;

public sealed class LsnTests
{
    [Fact]
    public void Log_id_and_counter_are_kept_apart()
    {
        var lsn = Lsn.Create(0xBEEF, Lsn.MaxCounter);
        Assert.Equal((0xBEEF, Lsn.MaxCounter), (lsn.LogId, lsn.Counter));
        Assert.Equal("48879:281474976710655", lsn.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => Lsn.Create(1, Lsn.MaxCounter + 1));
    }

    [Fact]
    public void Order_is_the_order_of_records()
    {
        var a = Lsn.Create(1, 5);
        var b = a.Add(1);
        Assert.True(a < b && b > a && a <= b && b >= a && a.CompareTo(b) < 0 && Lsn.None < a);
    }
}
