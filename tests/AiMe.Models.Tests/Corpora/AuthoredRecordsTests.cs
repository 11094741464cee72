using AiMe.Corpora;

namespace AiMe.Models.Tests.Corpora;

public class AuthoredRecordsTests
{
    [Fact]
    public void Hand_written_exchanges_are_mixed_into_the_training_text()
    {
        double share = Given.Corpus.Records(1, 3_000).Count(r => r.Kind == "authored") / 3_000.0;
        share.ShouldBeInRange(0.01, 0.025);
    }

    [Theory]
    [InlineData("{\"topic\":\"tea\",\"stimulus\":\"Tea?\"}")]
    [InlineData("{\"topic\":\"tea\",\"stimulus\":\"Tea?\",\"answer\":\"Yes.\",\"anwser\":\"No.\"}")]
    [InlineData("{\"topic\":\"tea\",\"stimulus\":null,\"answer\":\"Yes.\"}")]
    [InlineData("not json")]
    public void A_bad_line_is_refused_with_its_number(string line)
    {
        string folder = Directory.CreateTempSubdirectory("aime-corpus").FullName;
        string file = Path.Combine(folder, "authored.jsonl");
        File.WriteAllText(file, $"\n{line}\n");
        string config = Path.Combine(Given.Config, "corpora", "aime.yaml");
        GrammarException refusal = Should.Throw<GrammarException>(() =>
            Corpus.Load(config, Path.Combine(Given.Config, "charters", "aime.yaml"), file)
        );
        refusal.Line.ShouldBe(2);
        Directory.Delete(folder, recursive: true);
    }
}
