namespace AiMe.Journal.Tests;

public sealed class StoreAddressTests
{
    [Theory]
    [InlineData(".aime")]
    [InlineData("/data/runs")]
    [InlineData("./a=b")]
    [InlineData("runs/x=1;y=2")]
    [InlineData("C:/runs")]
    public void A_path_is_a_directory(string text)
    {
        var address = StoreAddress.Parse(text, blobs: null).ShouldBeOfType<DirectoryAddress>();
        (address.Root, address.Given).ShouldBe((Path.GetFullPath(text), text));
        address.Arguments.ShouldBe(["--store", text]);
    }

    [Theory]
    [InlineData("Host=db;Database=aime", "postgresql://db/aime")]
    [InlineData("host = db ; database = aime ; port = 6000 ; username = me", "postgresql://me@db:6000/aime")]
    [InlineData("Server=db;Database=aime", "postgresql://db/aime")]
    [InlineData("Host=/var/run/postgresql;Database=aime", "postgresql://%2Fvar%2Frun%2Fpostgresql/aime")]
    [InlineData("postgres://me@db:6000/aime", "postgresql://me@db:6000/aime")]
    [InlineData("postgresql://db/aime?sslmode=verify-full&application_name=lab", "postgresql://db/aime")]
    [InlineData("POSTGRESQL://m%40e@db/a%20b", "postgresql://m%40e@db/a%20b")]
    [InlineData("postgresql://[::1]:6000/aime", "postgresql://::1:6000/aime")]
    [InlineData("postgresql:///aime?host=/tmp", "postgresql://%2Ftmp/aime")]
    [InlineData("postgresql://%2Ftmp/aime", "postgresql://%2Ftmp/aime")]
    public void Keywords_and_a_uri_are_a_database(string text, string place)
    {
        var address = StoreAddress.Parse(text, blobs: null).ShouldBeOfType<PostgresAddress>();
        address.Place.ShouldBe(place);
        address.HasPassword.ShouldBeFalse();
        address.Root.ShouldBe(Path.GetFullPath(StoreAddress.DefaultDirectory));
    }

    [Theory]
    [InlineData("Host=db;Database=aime;Username=me;Password=sesame")]
    [InlineData("Host=db;Database=aime;Username=me;PWD=sesame")]
    [InlineData("postgres://me:sesame@db/aime")]
    [InlineData("postgres://me@db/aime?password=sesame")]
    [InlineData("postgres://me@db/aime?sslpassword=sesame")]
    public void A_password_is_known_of_and_never_shown(string text)
    {
        var address = StoreAddress.Parse(text, "blobs").ShouldBeOfType<PostgresAddress>();
        address.HasPassword.ShouldBeTrue();
        address.Arguments.ShouldBeEmpty("it can only have come from the environment");
        foreach (var shown in new[] { address.ToString(), address.Place, address.Given, $"{address}" })
            shown.ShouldNotContain("sesame");
    }

    [Fact]
    public void What_names_it_on_a_command_line_names_the_same_store()
    {
        var address = StoreAddress.Parse("postgres://me@db:6000/aime?connect_timeout=3", "blobs");
        address.Arguments[0].ShouldBe("--store");
        address.Arguments[2..].ShouldBe(["--blobs", "blobs"]);
        StoreAddress.Parse(address.Arguments[1], address.Arguments[3]).Place.ShouldBe(address.Place);
        StoreAddress.Parse(address.Arguments[1], null).Given.ShouldBe(address.Given);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("Hots=db;Database=aime", "unknown keyword 'hots'")]
    [InlineData("Host=db", "has no database")]
    [InlineData("Database=aime", "has no host")]
    [InlineData("Host=db;Database=aime;Port=many", "a number from 1 to 65535")]
    [InlineData("Host=db;Database=aime;SSL Mode=perhaps", "VerifyFull")]
    [InlineData("Host='db;Database=aime", "cannot be parsed")]
    [InlineData("postgres://db:port/aime", "cannot be parsed")]
    [InlineData("postgres://db/aime?sslmod=require", "unknown parameter 'sslmod'")]
    [InlineData("postgres://db", "has no database")]
    public void What_is_wrong_with_an_address_is_said(string text, string said) =>
        Should.Throw<StoreAddressException>(() => StoreAddress.Parse(text, blobs: null)).Message.ShouldContain(said);

    [Fact]
    public void A_word_that_is_not_known_comes_with_those_that_are()
    {
        var wrong = Should.Throw<StoreAddressException>(() => StoreAddress.Parse("Host=db;Databse=aime;Password=sesame", blobs: null));
        wrong.Unknown.ShouldBe("databse");
        wrong.Known.ShouldContain("database");
        wrong.Message.ShouldNotContain("sesame");
    }
}
