using System.Text;

namespace ModularShop.Host.Storefront;

/// <summary>What a product is, as far as its name tells.</summary>
internal static class PictureKinds
{
    /// <summary>Words of names and the shape that they stand for; the first that is found decides, so the particular stands before the general.</summary>
    private static readonly (string Words, string Kind)[] ByName = [.. (
        "coffee maker=coffee;baking dish=dish;roasting tin=dish;pan=pan;casserole=pot;saucepan=pot;stockpot=pot;wok=pan;knife=knife;chopping board=board;"
        + "salad servers=servers;cooking spoon=spoon;spoon=spoon;pepper mill=mill;grater=grater;peeler=peeler;terracotta saucer=plate;plate=plate;bowl=bowl;tumblers=glass;"
        + "glasses=glass;napkins=cloth;cutlery=cutlery;teapot=teapot;kettle=teapot;pendant=pendant;desk lamp=desklamp;lamp=desklamp;table light=light;night light=light;"
        + "lantern=lantern;candles=candle;candle=candle;throw=throw;blanket=throw;duvet=bed;pillowcase=cushion;cushion=cushion;pillow=cushion;runner=rug;rug=rug;"
        + "draught stopper=stopper;tea towels=cloth;bookcase=bookcase;shelf=bookcase;armchair=armchair;sofa=armchair;stool=stool;chair=stool;hooks=hooks;laundry basket=basket;"
        + "basket=basket;mirror=mirror;table=table;trowel=trowel;secateurs=secateurs;dibber=dibber;saw=saw;gloves=gloves;watering can=can;hanging planter=hanging;"
        + "raised bed=raisedbed;window box=windowbox;herb pot=planter;pot=planter;planter=planter;seeds=seeds;wildflower=seeds;bulbs=bulbs;garlic=bulbs;"
        + "pocket notebooks=notebooks;notebooks=notebooks;notebook=notebook;planner=notebook;diary=notebook;sketchbook=sketchbook;manuscript=music;fountain pen=pen;"
        + "rollerball=pen;pen=pen;ink=ink;mechanical pencil=pen;pencils=pencils;watercolour=paints;letter tray=tray;ruler=ruler;desk pad=pad;tape=tape;cards=cards;clips=clips;"
        + "soap dish=soapdish;soap=soap;shampoo=soap;cream=tube;salts=jar;razor=razor;shaving brush=brush;brush=brush;hammam=fringe;hooded towel=hooded;towel=towel;"
        + "bathrobe=robe;bath mat=mat;mat=mat;face cloths=cloth;tent=tent;sleeping bag=sleepingbag;mug=mug;cup=mug;stove=stove;bottle=bottle;torch=torch;rucksack=rucksack;"
        + "backpack=rucksack;holdall=holdall;shopping bag=tote;hip bag=hipbag;dry bag=drybags;key fob=key;bell=bell;pannier=pannier;multi tool=tool;cap=cap;bicycle=bicycle;"
        + "hat=cap;travel chess=chess;chess=chess;jigsaw=puzzle;backgammon=backgammon;dice=dice;blocks=blocks;duck=duck;marble=marbles;scale=scale;rainbow=rainbow;"
        + "spinning top=top;beekeeper=playingcards;card game=playingcards;kitchen=pot;home=desklamp;garden=can;stationery=pen;books=book;bath=towel;outdoors=tent;"
        + "toys games=rainbow;bag=tote;box=parcel").Split(';').Select(r => r.Split('=')).Select(r => ($" {r[0]} ", r[1]))];

    /// <summary>Beginnings of skus, where the name says nothing: titles of books and games do not.</summary>
    private static readonly (string Sku, string[] Kinds)[] BySku = [("BOOK", ["book", "book2", "book3"]), ("TOY", ["game", "playingcards"])];

    private static readonly string[] Others = ["parcel", "gift", "bagged"];

    public static string Of(string sku, string name)
    {
        var known = sku.Trim().ToUpperInvariant();
        var kinds = BySku.FirstOrDefault(k => known.StartsWith(k.Sku + "-", StringComparison.Ordinal)).Kinds;
        if (kinds is not ["book", ..])
        {
            var words = Words(name);
            foreach (var (phrase, kind) in ByName)
            {
                if (words.Contains(phrase, StringComparison.Ordinal))
                {
                    return kind;
                }
            }
        }

        kinds ??= Others;
        return kinds[known.Sum(c => c) % kinds.Length];
    }

    /// <summary>In small letters, a space between any two words and around all.</summary>
    private static string Words(string name)
    {
        var words = new StringBuilder(" ");
        foreach (var c in name)
        {
            if (char.IsLetterOrDigit(c))
            {
                words.Append(char.ToLowerInvariant(c));
            }
            else if (words[^1] != ' ')
            {
                words.Append(' ');
            }
        }

        return words.Append(' ').ToString();
    }
}
