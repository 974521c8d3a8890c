using Mev.Sdk.Ingest.Solana.Internal;

namespace Mev.Sdk.Ingest.Solana.Tests;

public sealed class EndpointSecretsTests
{
    [Fact]
    public void Strip_words_of_a_node_forge_no_lines_and_turn_no_direction()
    {
        var secrets = new EndpointSecrets("https://node.example/?api-key=abcdef123456", "");
        Assert.Equal("fail  now  ***  end", secrets.Strip("fail\r\nnow\u202E\u2028abcdef123456\u2066\u001Bend"));
    }
}
