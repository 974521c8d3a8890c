using FsCheck.Xunit;
using Mev.Sdk.Tests.Wire;

namespace Mev.Sdk.Tests;

public sealed class SightingFilterTests
{
    [Fact]
    public void Within_the_window_a_signature_is_new_once()
    {
        var random = new Random(1);
        var filter = new SightingFilter(window: 100);
        var signatures = Enumerable.Range(0, 1000).Select(_ => Frames.Random<Signature>(random)).ToArray();
        for (var i = 0; i < signatures.Length; i++)
        {
            Assert.True(filter.TryAdd(in signatures[i]));
            for (var back = Math.Max(0, i - 99); back <= i; back++)
            {
                Assert.False(filter.TryAdd(in signatures[back]));
            }
        }
    }

    [Fact]
    public void Memory_is_bounded_so_what_is_older_than_two_windows_is_new_again()
    {
        var random = new Random(2);
        var filter = new SightingFilter(window: 10);
        var first = Frames.Random<Signature>(random);
        Assert.True(filter.TryAdd(in first));
        for (var i = 0; i < 20; i++)
        {
            filter.TryAdd(Frames.Random<Signature>(random));
        }

        Assert.True(filter.TryAdd(in first));
    }
}
