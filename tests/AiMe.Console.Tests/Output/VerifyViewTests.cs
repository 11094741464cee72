using AiMe.Console.Commands;
using AiMe.Console.Output;
using AiMe.Journal;
using AiMe.Lab.Verification;

namespace AiMe.Console.Tests.Output;

public sealed class VerifyViewTests
{
    [Fact]
    public void Divergences_that_mean_the_same_stand_together_in_the_order_in_which_they_were_found() =>
        VerifyView
            .Alike([Of("a", "gone"), Of("b", "altered"), Of("c", "gone")])
            .Select(g => string.Concat(g.Select(d => d.Stream)))
            .ShouldBe(["ac", "b"]);

    [Fact]
    public void A_database_whose_blobs_are_not_where_they_are_looked_for_is_refused_with_the_place_and_the_option()
    {
        var nowhere = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var address = StoreAddress.Parse("Host=db;Database=aime", nowhere);

        Should
            .Throw<UsageException>(() => VerifyCommand.RefuseWithoutBlobs(address, 3))
            .Message.ShouldBe(
                $"the directory of blobs and models {nowhere} does not exist, but the events of postgresql://db/aime refer to 3 blobs: name the directory with --blobs, or in $AIME_BLOBS"
            );
        Should.NotThrow(() => VerifyCommand.RefuseWithoutBlobs(address, 0));
        Should.NotThrow(() => VerifyCommand.RefuseWithoutBlobs(StoreAddress.Parse(nowhere, null), 3));
    }

    private static Divergence Of(string stream, string meaning) => new(stream, null, null, null, null, "d.model", "one", "none", meaning);
}
