using System.Text;

namespace AiMe.Serve.Tests;

public sealed class FileTests
{
    [Fact]
    public async Task A_file_is_listed_sent_back_and_deleted_and_survives_a_restart()
    {
        var place = Directory.CreateTempSubdirectory("aime-serve-");
        try
        {
            string id;
            await using (var served = await Served.StartAsync(directory: place.FullName))
                id = await served.UploadAsync("{\"é\": 1}\n");
            await using var again = await Served.StartAsync(directory: place.FullName);
            var file = (await again.GetAsync($"/v1/files/{id}")).Ok();
            (file.GetProperty("filename").GetString(), file.GetProperty("bytes").GetInt64()).ShouldBe(("train.jsonl", 10));
            (await again.GetAsync($"/v1/files/{id}/content")).Text.ShouldBe("{\"é\": 1}\n");
            (await again.SendAsync(HttpMethod.Delete, $"/v1/files/{id}", null)).Ok().GetProperty("deleted").GetBoolean().ShouldBeTrue();
            (await again.GetAsync($"/v1/files/{id}")).Refused(404);
            Directory.GetDirectories(Path.Combine(place.FullName, "files")).ShouldBeEmpty();
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Files_come_newest_first_in_pages_or_oldest_first()
    {
        await using var served = await Served.StartAsync();
        string[] ids = [await served.UploadAsync("a"), await served.UploadAsync("b"), await served.UploadAsync("c")];
        (await IdsAsync(served, "")).ShouldBe(ids.Reverse());
        (await IdsAsync(served, "?order=asc")).ShouldBe(ids);
        (await IdsAsync(served, $"?limit=1&after={ids[2]}")).ShouldBe([ids[1]]);
        (await IdsAsync(served, "?purpose=batch")).ShouldBeEmpty();
        (await served.GetAsync("/v1/files?limit=0")).Refused(400).Param.ShouldBe("limit");
    }

    [Fact]
    public async Task A_folder_that_a_kill_left_half_written_is_removed()
    {
        var place = Directory.CreateTempSubdirectory("aime-serve-");
        try
        {
            var half = Path.Combine(place.FullName, "files", "file-1.0a1b2c3d.part-12");
            Directory.CreateDirectory(half);
            await using var served = await Served.StartAsync(directory: place.FullName);
            Directory.Exists(half).ShouldBeFalse();
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("purpose", "nonsense", "purpose")]
    [InlineData("colour", "red", "purpose")]
    public async Task A_wrong_form_is_refused_by_name(string field, string value, string param)
    {
        await using var served = await Served.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent(value), field },
            { new ByteArrayContent("a"u8.ToArray()), "file", "a.jsonl" },
        };
        (await served.SendAsync(HttpMethod.Post, "/v1/files", form)).Refused(400).Param.ShouldBe(param);
    }

    [Fact]
    public async Task An_upload_that_is_too_large_or_no_form_is_refused()
    {
        await using var served = await Served.StartAsync(o => o with { LargestFile = 1000 });
        using var form = new MultipartFormDataContent
        {
            { new StringContent("fine-tune"), "purpose" },
            { new ByteArrayContent(Encoding.ASCII.GetBytes(new string('a', 2000))), "file", "a.jsonl" },
        };
        (await served.SendAsync(HttpMethod.Post, "/v1/files", form)).Refused(413).Code.ShouldBe("file_too_large");
        (await served.PostAsync("/v1/files", "{}")).Refused(415);
    }

    private static async Task<string[]> IdsAsync(Served served, string query) =>
        [
            .. (await served.GetAsync($"/v1/files{query}"))
                .Ok()
                .GetProperty("data")
                .EnumerateArray()
                .Select(f => f.GetProperty("id").GetString()!),
        ];
}
