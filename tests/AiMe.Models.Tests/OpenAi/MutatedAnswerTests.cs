using System.Text;
using AiMe.Models.OpenAi;
using AiMe.Models.OpenAi.Scoring;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>Answers that are spoilt at random: each is read, or is no answer in words, and nothing else.</summary>
public sealed class MutatedAnswerTests
{
    private const int Mutations = 25_000; // of each reader

    private static readonly string[] Chats =
    [
        OpenAiStub.Chat("<think>Hm.</think>I am \\u00e9 AiMe."),
        """{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"Yes.","reasoning_content":"Hm.","refusal":null},"finish_reason":"stop","logprobs":{"content":[{"token":"Yes","logprob":-0.25,"top_logprobs":[{"token":"Yes","logprob":-0.25},{"token":"No","logprob":-2}]}]}}],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,"completion_tokens_details":{"reasoning_tokens":2}}}""",
        """{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},{"type":"text","text":"Yes."}]}}]}""",
        """{"error":{"message":"no","type":"rate_limit","code":429,"param":"seed","metadata":{"raw":"x"}},"detail":[{"loc":["body",1],"msg":"no"}]}""",
    ];

    private static readonly string[] Streams =
    [
        ": hi\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"<thi\"}}]}\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"nk>\\ud83d\\ude00</think>Yes\"},\"finish_reason\":\"stop\"}]}\n\nevent: ping\ndata: {}\n\ndata: [DONE]\n\n",
        "{\"choices\":[{\"delta\":{\"content\":\"Yes\"}}]}\n{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n",
    ];

    private static readonly string[] Vectors =
    [
        OpenAiStub.Embeddings([1, 0.5f], [0, -1]),
        """{"data":[{"index":1,"embedding":[0.5,1e-3]},{"index":0,"embedding":[1,0]}],"usage":{"prompt_tokens":3}}""",
    ];

    private static readonly string[] Jobs =
    [
        """{"id":"job-1","status":"succeeded","fine_tuned_model":"ft:m","trained_tokens":640,"error":{"message":"no"},"metadata":{"aime_key":"k"}}""",
        """{"object":"list","data":[{"id":"job-1","training_file":"f","metadata":{"aime_key":"k"}},{"id":"job-2"}],"has_more":true,"deleted":true}""",
    ];

    private static readonly string[] Scores =
    [
        """{"prompt_logprobs":[null,{"5":{"logprob":-0.25,"rank":1,"decoded_token":"a"}},{"17":{"logprob":-1e-3,"rank":2}}],"usage":{"prompt_tokens":3}}""",
        """{"choices":[{"text":"ab","logprobs":{"tokens":["a","b"],"token_logprobs":[null,-0.5],"top_logprobs":[null,{"b":-0.5}],"text_offset":[0,1]}}]}""",
        """{"count":3,"max_model_len":256,"tokens":[5,17,3]}""",
    ];

    [Fact]
    public void A_chat_answer() => Spoil(Chats, 1, bytes =>
        {
            var reply = OpenAiReply.Answer(bytes);
            OpenAiAnswer answer = new(ReasoningMarks.Auto, ReasoningHabit.Unknown);
            answer.Add(reply);
            var ended = answer.Ended();
            Stored(ended.Text, ended.Reasoning, answer.Refusal, answer.Finish, reply.Error?.Words);
            if (ended.Measured?[Parts.Nats] is double nats)
                (double.IsNaN(nats) || nats <= 0 && double.IsFinite(nats)).ShouldBeTrue();
            (answer.Usage?.OutputTokenCount ?? 0).ShouldBeInRange(0, int.MaxValue);
            OpenAiError.Of(400, bytes).Words.ShouldNotBeNull();
        });

    [Fact]
    public void A_stream() => Spoil(Streams, 2, bytes =>
        {
            OpenAiAnswer answer = new(ReasoningMarks.Auto, ReasoningHabit.Plain);
            using MemoryStream stream = new(bytes);
            foreach (var piece in OpenAiStream.PiecesAsync(stream, isEvents: true).ToBlockingEnumerable())
            {
                if (piece != OpenAiStream.Done)
                    answer.Add(OpenAiReply.Piece(Encoding.UTF8.GetBytes(piece)));
                Stored(answer.Next());
            }

            Stored(answer.Ended().Text);
        });

    [Fact]
    public void Embeddings() => Spoil(Vectors, 3, bytes =>
        {
            var (vectors, used) = OpenAiVectors.Read(bytes, 2);
            vectors.Length.ShouldBe(2);
            vectors.ShouldAllBe(v => v.Length > 0 && v.All(float.IsFinite));
            (used?.Embedded ?? 0).ShouldBeGreaterThanOrEqualTo(0);
        });

    [Fact]
    public void A_score_of_given_text() => Spoil(Scores, 5, bytes =>
        {
            List<FormatException> failures = [];
            foreach (
                var read in (Action[])
                    [
                        () => (ScoredTokens.OfPrompt(bytes)?.Tokens ?? []).Skip(1).ShouldAllBe(t => t.Id >= 0 && t.Nats <= 0),
                        () => (ScoredTokens.OfEcho(bytes)?.Nats ?? []).Skip(1).ShouldAllBe(nats => nats <= 0),
                        () => (ScoredTokens.UseIn(bytes)?.Input ?? 0).ShouldBeGreaterThanOrEqualTo(0),
                        () => ScoredTokens.OfTokenizer(bytes).ShouldAllBe(id => id >= 0),
                    ]
            )
            {
                try
                {
                    read();
                }
                catch (FormatException e)
                {
                    failures.Add(e);
                }
            }

            failures.ShouldAllBe(f => f.Message.Length > 0);
        });

    [Fact]
    public void An_answer_about_jobs() => Spoil(Jobs, 4, bytes =>
        {
            List<Exception> failures = [];
            foreach (
                var read in (Action[])
                    [
                        () => Stored(OpenAiJobReplies.Id(bytes)),
                        () => OpenAiJobReplies.IsDeleted(bytes),
                        () => OpenAiJobReplies.Look(bytes, "job-1").ShouldNotBeNull(),
                        () => Stored(OpenAiJobReplies.Page(bytes, "k", "f").Last),
                    ]
            )
            {
                try
                {
                    read();
                }
                catch (FormatException e)
                {
                    failures.Add(e);
                }
            }

            failures.Count.ShouldBeLessThanOrEqualTo(4);
        });

    // Every text must be storable as UTF-8 without NUL.
    private static void Stored(params string?[] texts)
    {
        foreach (var text in texts)
        {
            if (
                text is not null
                && (text.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) != text)
            )
                throw new InvalidOperationException("a text cannot be stored");
        }
    }

    private static void Spoil(string[] wells, int seed, Action<byte[]> read)
    {
        Random random = new(seed);
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(wells[random.Next(wells.Length)]);
            for (var n = random.Next(1, 4); n > 0; n--)
                bytes = Mutated(bytes, random);
            try
            {
                read(bytes);
            }
            catch (FormatException e)
            {
                e.Message.ShouldNotBeNullOrWhiteSpace();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"mutation {i}, seed {seed}: {Encoding.Latin1.GetString(bytes)}", e);
            }
        }
    }

    private static readonly string[] Values =
    [
        "null",
        "true",
        "-1",
        "1e999",
        "-1e999",
        "99999999999999999999",
        "0.5",
        "\"\"",
        "\"\\ud800\"",
        "\"\\udc00x\\u0000\"",
        "[]",
        "{}",
        "[[[[]]]]",
        "\"####\"",
        new string('[', 70) + new string(']', 70),
        "{\"message\":7}",
        "\u0000",
        "\"index\":0,\"index\":1",
    ];

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        if (bytes.Length < 4)
            return bytes;
        var (from, to) = (random.Next(bytes.Length), random.Next(bytes.Length));
        (from, to) = (Math.Min(from, to), Math.Max(from, to));
        switch (random.Next(6))
        {
            case 0: // a byte
                var flipped = bytes.ToArray();
                flipped[from] = (byte)random.Next(256);
                return flipped;
            case 1: // a cut
                return [.. bytes[..from], .. bytes[Math.Min(bytes.Length, from + random.Next(1, 40))..]];
            case 2: // a doubling
                return [.. bytes[..to], .. bytes[from..]];
            case 3: // a swap
                var middle = (from + to) / 2;
                return [.. bytes[..from], .. bytes[middle..to], .. bytes[from..middle], .. bytes[to..]];
            case 4: // an end
                return bytes[..to];
            default: // another value
                var (begin, end) = ValueAt(bytes, from);
                return [.. bytes[..begin], .. Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)]), .. bytes[end..]];
        }
    }

    // The scalar, or the opening of a list or an object, that follows the next colon.
    private static (int Begin, int End) ValueAt(byte[] bytes, int from)
    {
        var colon = Array.IndexOf(bytes, (byte)':', from);
        if (colon < 0 || colon + 1 >= bytes.Length)
            return (from, from);
        var end = colon + 1;
        if (bytes[end] == '"')
            end = Array.IndexOf(bytes, (byte)'"', end + 1) is >= 0 and var quote ? quote + 1 : bytes.Length;
        else
            while (end < bytes.Length && bytes[end] is not ((byte)',' or (byte)'}' or (byte)']'))
                end++;
        return (colon + 1, end);
    }
}
