using AiMe.VectorStores.Pgvector;

namespace AiMe.VectorStores.Tests.Pgvector;

public sealed class PgvectorOptionsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("memories; DROP TABLE x")]
    [InlineData("Memories")]
    [InlineData("")]
    public void A_table_has_a_plain_name(string table) =>
        Should.Throw<ArgumentException>(() => new PgvectorOptions("h", 1, "d", "u", null, table, Hnsw: false, s_patience));

    [Fact]
    public void The_password_is_never_shown() =>
        new PgvectorOptions("h", 1, "d", "u", StoreServer.Key, "t", Hnsw: false, s_patience).ToString().ShouldBe("pgvector at h:1/d");
}
