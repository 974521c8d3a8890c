using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Mev.Sdk.Ingest.AspNetCore.Tests;

public sealed class EngineStreamBuffersTests
{
    private const int BlockBytes = 64 << 10;

    [Theory]
    [InlineData(-1, BlockBytes)]
    [InlineData(4096, BlockBytes)]
    [InlineData(BlockBytes + 1, BlockBytes + 1)]
    public void Blocks_are_large_whatever_the_server_asks_for(int asked, int least)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddMevSdk().AddEngineStreamBuffers().AddEngineStreamBuffers();
        using var application = (IDisposable)builder.Build();
        using var pool = ((WebApplication)application).Services.GetRequiredService<IMemoryPoolFactory<byte>>().Create();
        using var block = pool.Rent(asked);
        Assert.True(block.Memory.Length >= least, $"{block.Memory.Length} bytes for {asked}.");
        block.Memory.Span.Fill(1);
    }
}
