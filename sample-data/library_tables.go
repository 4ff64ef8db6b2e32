// SPDX-License-Identifier: MIT

package main

// authors: key, name, born, died, country.
const authors = `
alcott|Louisa May Alcott|1832|1888|US
austen|Jane Austen|1775|1817|GB
balzac|Honoré de Balzac|1799|1850|FR
barrie|J. M. Barrie|1860|1937|GB
baum|L. Frank Baum|1856|1919|US
bronte-a|Anne Brontë|1820|1849|GB
bronte-c|Charlotte Brontë|1816|1855|GB
bronte-e|Emily Brontë|1818|1848|GB
burnett|Frances Hodgson Burnett|1849|1924|GB
carroll|Lewis Carroll|1832|1898|GB
cather|Willa Cather|1873|1947|US
cervantes|Miguel de Cervantes|1547|1616|ES
chekhov|Anton Chekhov|1860|1904|RU
chopin|Kate Chopin|1850|1904|US
collins|Wilkie Collins|1824|1889|GB
collodi|Carlo Collodi|1826|1890|IT
conrad|Joseph Conrad|1857|1924|GB
cooper|James Fenimore Cooper|1789|1851|US
crane|Stephen Crane|1871|1900|US
darwin|Charles Darwin|1809|1882|GB
defoe|Daniel Defoe|1660|1731|GB
dickens|Charles Dickens|1812|1870|GB
dostoevsky|Fyodor Dostoevsky|1821|1881|RU
doyle|Arthur Conan Doyle|1859|1930|GB
dreiser|Theodore Dreiser|1871|1945|US
dumas|Alexandre Dumas|1802|1870|FR
eliot|George Eliot|1819|1880|GB
fielding|Henry Fielding|1707|1754|GB
flaubert|Gustave Flaubert|1821|1880|FR
fontane|Theodor Fontane|1819|1898|DE
forster|E. M. Forster|1879|1970|GB
gaskell|Elizabeth Gaskell|1810|1865|GB
goethe|Johann Wolfgang von Goethe|1749|1832|DE
gogol|Nikolai Gogol|1809|1852|RU
grahame|Kenneth Grahame|1859|1932|GB
hardy|Thomas Hardy|1840|1928|GB
hawthorne|Nathaniel Hawthorne|1804|1864|US
hugo|Victor Hugo|1802|1885|FR
ibsen|Henrik Ibsen|1828|1906|NO
irving|Washington Irving|1783|1859|US
james|Henry James|1843|1916|US
jerome|Jerome K. Jerome|1859|1927|GB
joyce|James Joyce|1882|1941|IE
kafka|Franz Kafka|1883|1924|CZ
kipling|Rudyard Kipling|1865|1936|GB
lawrence|D. H. Lawrence|1885|1930|GB
london|Jack London|1876|1916|US
melville|Herman Melville|1819|1891|US
montgomery|Lucy Maud Montgomery|1874|1942|CA
poe|Edgar Allan Poe|1809|1849|US
scott|Walter Scott|1771|1832|GB
sewell|Anna Sewell|1820|1878|GB
shelley|Mary Shelley|1797|1851|GB
stendhal|Stendhal|1783|1842|FR
stevenson|Robert Louis Stevenson|1850|1894|GB
stoker|Bram Stoker|1847|1912|IE
swift|Jonathan Swift|1667|1745|IE
thackeray|William Makepeace Thackeray|1811|1863|GB
tolstoy|Leo Tolstoy|1828|1910|RU
turgenev|Ivan Turgenev|1818|1883|RU
twain|Mark Twain|1835|1910|US
verne|Jules Verne|1828|1905|FR
voltaire|Voltaire|1694|1778|FR
wells|H. G. Wells|1866|1946|GB
wharton|Edith Wharton|1862|1937|US
wilde|Oscar Wilde|1854|1900|IE
woolf|Virginia Woolf|1882|1941|GB
zola|Émile Zola|1840|1902|FR
`

// books: title, author, year of first publication, copies. The key is made from the title.
const books = `
A Christmas Carol|dickens|1843|4
A Doll's House|ibsen|1879|1
A Little Princess|burnett|1905|2
A Room with a View|forster|1908|1
A Study in Scarlet|doyle|1887|2
A Tale of Two Cities|dickens|1859|3
Adam Bede|eliot|1859|1
Agnes Grey|bronte-a|1847|1
Alice's Adventures in Wonderland|carroll|1865|5
Anna Karenina|tolstoy|1878|2
Anne of Green Gables|montgomery|1908|3
Around the World in Eighty Days|verne|1872|2
Barnaby Rudge|dickens|1841|1
Black Beauty|sewell|1877|3
Bleak House|dickens|1853|2
Candide|voltaire|1759|2
Captains Courageous|kipling|1897|1
Crime and Punishment|dostoevsky|1866|3
Daisy Miller|james|1878|1
Daniel Deronda|eliot|1876|1
David Copperfield|dickens|1850|3
Dead Souls|gogol|1842|1
Don Quixote|cervantes|1605|2
Dracula|stoker|1897|4
Dubliners|joyce|1914|2
Effi Briest|fontane|1895|2
Elective Affinities|goethe|1809|1
Emma|austen|1815|3
Ethan Frome|wharton|1911|1
Eugénie Grandet|balzac|1833|1
Far from the Madding Crowd|hardy|1874|2
Fathers and Sons|turgenev|1862|1
Faust|goethe|1808|2
Five Weeks in a Balloon|verne|1863|1
Frankenstein|shelley|1818|4
Germinal|zola|1885|1
Great Expectations|dickens|1861|3
Gulliver's Travels|swift|1726|2
Hard Times|dickens|1854|1
Heart of Darkness|conrad|1899|2
Hedda Gabler|ibsen|1891|1
Howards End|forster|1910|1
Ivanhoe|scott|1819|1
Jane Eyre|bronte-c|1847|4
Jude the Obscure|hardy|1895|1
Just So Stories|kipling|1902|2
Kidnapped|stevenson|1886|2
Kim|kipling|1901|1
Lady Susan|austen|1871|1
Les Misérables|hugo|1862|2
Little Dorrit|dickens|1857|1
Little Men|alcott|1871|1
Little Women|alcott|1868|4
Lord Jim|conrad|1900|1
Madame Bovary|flaubert|1857|2
Mansfield Park|austen|1814|2
Mary Barton|gaskell|1848|1
Metamorphosis|kafka|1915|3
Moby-Dick|melville|1851|3
Moll Flanders|defoe|1722|1
Mrs Dalloway|woolf|1925|2
My Ántonia|cather|1918|1
Nana|zola|1880|1
Nicholas Nickleby|dickens|1839|1
North and South|gaskell|1855|2
Northanger Abbey|austen|1817|2
Nostromo|conrad|1904|1
Notes from Underground|dostoevsky|1864|1
O Pioneers!|cather|1913|1
Oliver Twist|dickens|1838|3
On the Origin of Species|darwin|1859|2
Persuasion|austen|1817|2
Peter and Wendy|barrie|1911|3
Pinocchio|collodi|1883|2
Pride and Prejudice|austen|1813|5
Resurrection|tolstoy|1899|1
Rob Roy|scott|1817|1
Robinson Crusoe|defoe|1719|2
Romola|eliot|1863|1
Salammbô|flaubert|1862|1
Sense and Sensibility|austen|1811|3
Shirley|bronte-c|1849|1
Silas Marner|eliot|1861|2
Sister Carrie|dreiser|1900|1
Sons and Lovers|lawrence|1913|1
Tess of the d'Urbervilles|hardy|1891|2
The Adventures of Sherlock Holmes|doyle|1892|4
The Adventures of Tom Sawyer|twain|1876|3
The Age of Innocence|wharton|1920|2
The Ambassadors|james|1903|1
The Awakening|chopin|1899|1
The Black Tulip|dumas|1850|1
The Brothers Karamazov|dostoevsky|1880|2
The Call of the Wild|london|1903|3
The Canterville Ghost|wilde|1887|1
The Castle|kafka|1926|1
The Cherry Orchard|chekhov|1904|1
The Count of Monte Cristo|dumas|1846|3
The Hound of the Baskervilles|doyle|1902|4
The House of Mirth|wharton|1905|1
The Idiot|dostoevsky|1869|2
The Importance of Being Earnest|wilde|1895|2
The Invisible Man|wells|1897|2
The Jungle Book|kipling|1894|3
The Last of the Mohicans|cooper|1826|1
The Legend of Sleepy Hollow|irving|1820|1
The Mill on the Floss|eliot|1860|1
The Moonstone|collins|1868|2
The Mysterious Island|verne|1875|1
The Picture of Dorian Gray|wilde|1890|3
The Portrait of a Lady|james|1881|2
The Raven|poe|1845|2
The Red and the Black|stendhal|1830|1
The Red Badge of Courage|crane|1895|1
The Return of the Native|hardy|1878|1
The Scarlet Letter|hawthorne|1850|2
The Sea-Wolf|london|1904|1
The Secret Agent|conrad|1907|1
The Secret Garden|burnett|1911|3
The Sign of the Four|doyle|1890|1
The Sorrows of Young Werther|goethe|1774|1
The Three Musketeers|dumas|1844|3
The Time Machine|wells|1895|3
The Trial|kafka|1925|2
The Turn of the Screw|james|1898|2
The Voyage of the Beagle|darwin|1839|1
The War of the Worlds|wells|1898|3
The Wind in the Willows|grahame|1908|4
The Woman in White|collins|1860|2
The Wonderful Wizard of Oz|baum|1900|3
Three Men in a Boat|jerome|1889|2
Three Sisters|chekhov|1901|1
Through the Looking-Glass|carroll|1871|3
To the Lighthouse|woolf|1927|2
Tom Jones|fielding|1749|1
Treasure Island|stevenson|1883|4
Ulysses|joyce|1922|1
Uncle Vanya|chekhov|1898|1
Vanity Fair|thackeray|1848|1
Villette|bronte-c|1853|1
War and Peace|tolstoy|1869|2
Waverley|scott|1814|1
White Fang|london|1906|2
Wives and Daughters|gaskell|1866|1
Wuthering Heights|bronte-e|1847|3
`

// withdrawn: keys of books that leave the library after they were added.
const withdrawn = `
romola rob-roy robinson-crusoe resurrection salammbo sister-carrie shirley sons-and-lovers
pinocchio peter-and-wendy captains-courageous black-beauty candide barnaby-rudge kim kidnapped
`

const shortExcerpt = `Call me Ishmael. Some years ago - never mind how long precisely - having little or no money in my purse, and nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of the world.`

// longExcerpt is longer than a page: its leaf continues in overflow pages.
const longExcerpt = `ALICE'S ADVENTURES IN WONDERLAND
CHAPTER I. Down the Rabbit-Hole

Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do: once or twice she had peeped into the book her sister was reading, but it had no pictures or conversations in it, "and what is the use of a book," thought Alice "without pictures or conversations?"

So she was considering in her own mind (as well as she could, for the hot day made her feel very sleepy and stupid), whether the pleasure of making a daisy-chain would be worth the trouble of getting up and picking the daisies, when suddenly a White Rabbit with pink eyes ran close by her.

There was nothing so very remarkable in that; nor did Alice think it so very much out of the way to hear the Rabbit say to itself, "Oh dear! Oh dear! I shall be late!" (when she thought it over afterwards, it occurred to her that she ought to have wondered at this, but at the time it all seemed quite natural); but when the Rabbit actually took a watch out of its waistcoat-pocket, and looked at it, and then hurried on, Alice started to her feet, for it flashed across her mind that she had never before seen a rabbit with either a waistcoat-pocket, or a watch to take out of it, and burning with curiosity, she ran across the field after it, and fortunately was just in time to see it pop down a large rabbit-hole under the hedge.

In another moment down went Alice after it, never once considering how in the world she was to get out again.

The rabbit-hole went straight on like a tunnel for some way, and then dipped suddenly down, so suddenly that Alice had not a moment to think about stopping herself before she found herself falling down a very deep well.

Either the well was very deep, or she fell very slowly, for she had plenty of time as she went down to look about her and to wonder what was going to happen next. First, she tried to look down and make out what she was coming to, but it was too dark to see anything; then she looked at the sides of the well, and noticed that they were filled with cupboards and book-shelves; here and there she saw maps and pictures hung upon pegs. She took down a jar from one of the shelves as she passed; it was labelled "ORANGE MARMALADE", but to her great disappointment it was empty: she did not like to drop the jar for fear of killing somebody underneath, so managed to put it into one of the cupboards as she fell past it.

"Well!" thought Alice to herself, "after such a fall as this, I shall think nothing of tumbling down stairs! How brave they'll all think me at home! Why, I wouldn't say anything about it, even if I fell off the top of the house!" (Which was very likely true.)
`
